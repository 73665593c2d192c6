//! What the code means with which a server closed a socket.

/// The server closed for want of a good token: 3000 is registered with IANA for what 401 is in HTTP, 4401 is what servers
/// send instead.
pub(super) fn is_unauthorized(code: u16) -> bool {
    matches!(code, 3000 | 4401)
}

/// Why a socket that was closed with this code is not dialled again; `None` where it may be.
pub(super) fn fatal(code: u16) -> Option<&'static str> {
    match code {
        code if is_unauthorized(code) => {
            Some("the server does not accept your session: sign in again")
        }
        // As above, for 403.
        3003 | 4403 => Some("the server does not allow you to follow batches live"),
        1008 => Some("the server closed the link for a reason of its policy"),
        _ => None,
    }
}
