//! Starts the app in the page; everything else is in the library.

fn main() {
    #[cfg(target_arch = "wasm32")]
    batch_runner::start();
}
