//! The only code that touches the browser: runs effects, reports facts, decides nothing.

mod assoc;
pub mod clock;
pub mod driver;
pub mod http;
pub mod inbox;
pub mod page;
pub mod socket;
pub mod storage;
pub mod tabs;
