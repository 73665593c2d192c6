//! Closures behind pointers, with nothing but how they are called.
//!
//! The table of a `dyn Fn` tells of each closure also how it is called by `&mut` and once for all. Nobody calls the closures
//! of views so, and those functions weigh.

/// A closure that is called with nothing.
pub trait Read<T> {
    fn read(&self) -> T;
}

impl<T, F: Fn() -> T> Read<T> for F {
    fn read(&self) -> T {
        self()
    }
}

/// A closure that is called with something.
pub trait Call<A, T> {
    fn call(&self, given: A) -> T;
}

impl<A, T, F: Fn(A) -> T> Call<A, T> for F {
    fn call(&self, given: A) -> T {
        self(given)
    }
}
