//! What is told in passing: toasts, announcements, and what ends while nobody looks.

pub mod background;
pub mod messages;
