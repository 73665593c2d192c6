//! Every recorded answer and every recorded frame is read as the server meant it.

mod answers;
mod batches;
mod errors;
mod figures;
mod frames;
mod leads;
mod pricing;
#[path = "../support/recordings.rs"]
mod recordings;
mod requests;
mod sent;
