//! What the page's script calls. There is one thread and one module to unpack.

use core::cell::UnsafeCell;

use super::Unpacker;

struct Only(UnsafeCell<Unpacker>);

// SAFETY: a module without shared memory runs in one thread.
unsafe impl Sync for Only {}

static UNPACKER: Only = Only(UnsafeCell::new(Unpacker::new()));

fn with<R>(action: impl FnOnce(&mut Unpacker) -> R) -> R {
    // SAFETY: no export calls another, so there is never a second borrow.
    action(unsafe { &mut *UNPACKER.0.get() })
}

/// Where the next piece is to be written.
#[unsafe(no_mangle)]
pub extern "C" fn room() -> *mut u8 {
    with(|unpacker| unpacker.room().as_mut_ptr())
}

/// Takes a piece; answers how much is unpacked by now, and -1 where it cannot be.
#[unsafe(no_mangle)]
pub extern "C" fn take(count: usize, is_last: bool) -> i32 {
    with(|unpacker| {
        unpacker
            .take(count, is_last)
            .map_or(-1, |whole| whole.len() as i32)
    })
}

/// Where the whole begins.
#[unsafe(no_mangle)]
pub extern "C" fn whole() -> *const u8 {
    with(|unpacker| unpacker.whole.as_ptr())
}

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
