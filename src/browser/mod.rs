//! The only code that touches the browser: runs effects, reports facts, decides nothing.

pub mod address;
mod assoc;
pub mod clock;
pub mod driver;
mod early;
pub mod http;
pub mod inbox;
pub mod locks;
pub mod notices;
pub mod page;
pub mod records;
pub mod scroll;
pub mod socket;
pub mod sound;
pub mod storage;
pub mod tabs;
