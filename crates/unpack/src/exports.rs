//! What the page's script calls. There is one thread and one module to unpack.

use core::cell::UnsafeCell;

use super::split::join;
use super::{Unpacker, WHOLE};

struct Only<T>(UnsafeCell<T>);

// SAFETY: a module without shared memory runs in one thread.
unsafe impl<T> Sync for Only<T> {}

static UNPACKER: Only<Unpacker> = Only(UnsafeCell::new(Unpacker::new()));
static MODULE: Only<[u8; WHOLE]> = Only(UnsafeCell::new([0; WHOLE]));

fn with<R>(action: impl FnOnce(&mut Unpacker) -> R) -> R {
    // SAFETY: no export calls another, so there is never a second borrow.
    action(unsafe { &mut *UNPACKER.0.get() })
}

/// Where the next piece is to be written.
#[unsafe(no_mangle)]
pub extern "C" fn room() -> *mut u8 {
    with(|unpacker| unpacker.room().as_mut_ptr())
}

/// Takes a piece; answers -1 where it cannot be unpacked.
#[unsafe(no_mangle)]
pub extern "C" fn take(count: usize, is_last: bool) -> i32 {
    with(|unpacker| unpacker.take(count, is_last).map_or(-1, |_| 0))
}

/// Puts the module together, of which all has come; answers its length, and -1 where it cannot be.
#[unsafe(no_mangle)]
pub extern "C" fn join_all() -> i32 {
    with(|unpacker| {
        // SAFETY: nothing else has it.
        let module = unsafe { &mut *MODULE.0.get() };
        let parts = &unpacker.whole[..unpacker.out];
        join(parts, module).map_or(-1, |length| length as i32)
    })
}

/// Where the module begins.
#[unsafe(no_mangle)]
pub extern "C" fn module() -> *const u8 {
    MODULE.0.get().cast()
}

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
