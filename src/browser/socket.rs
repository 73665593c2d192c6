//! Sockets by channel.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::assoc::Assoc;
use super::inbox::Inbox;
use super::tabs::Tabs;
use super::{clock, page};
use crate::app::SocketEvent;
use crate::domain::time::Millis;
use crate::machine::connection::{Channel, redial_pause};
use crate::machine::link::Epoch;

/// The page's sockets, at most one a channel.
pub struct Sockets {
    open: RefCell<Assoc<Channel, Socket>>,
    /// Dials that wait for the pause that the server wants after a close.
    pausing: RefCell<Assoc<Channel, (Epoch, Timeout)>>,
    closed_at: RefCell<Assoc<Channel, Millis>>,
    inbox: Rc<Inbox>,
    tabs: Rc<Tabs>,
}

struct Socket {
    epoch: Epoch,
    socket: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Sockets {
    /// What is said goes to the inbox, and to the other tabs where those wait for it.
    pub fn new(inbox: Rc<Inbox>, tabs: Rc<Tabs>) -> Self {
        Self {
            open: RefCell::default(),
            pausing: RefCell::default(),
            closed_at: RefCell::default(),
            inbox,
            tabs,
        }
    }

    /// Dials; what follows is reported with this epoch.
    pub fn open(self: &Rc<Self>, channel: Channel, epoch: Epoch, path: &str) {
        let url = if path.starts_with("ws") {
            path.to_owned()
        } else {
            format!("{}{path}", page::socket_origin())
        };
        let waited = self
            .closed_at
            .borrow()
            .get(&channel)
            .map(|at| clock::now() - *at);
        let pause = waited.map_or(0, |waited| redial_pause(&channel) - waited);
        if pause <= 0 {
            return self.dial(channel, epoch, &url);
        }
        let (sockets, later) = (self.clone(), channel.clone());
        let timeout = Timeout::new(pause as u32, move || {
            sockets.pausing.borrow_mut().remove(&later);
            sockets.dial(later.clone(), epoch, &url);
        });
        self.pausing.borrow_mut().insert(channel, (epoch, timeout));
    }

    fn dial(&self, channel: Channel, epoch: Epoch, url: &str) {
        let Ok(socket) = WebSocket::new(url) else {
            return self.inbox.push(SocketEvent::Closed {
                channel,
                epoch,
                code: 1006,
            });
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (inbox, tabs, from) = (self.inbox.clone(), self.tabs.clone(), channel.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let channel = from.clone();
            inbox.push(match event.data().as_string() {
                Some(text) => {
                    tabs.relay(&channel, &text);
                    SocketEvent::Message {
                        channel,
                        epoch,
                        text,
                    }
                }
                None => SocketEvent::Binary { channel, epoch },
            });
        });
        let (inbox, from) = (self.inbox.clone(), channel.clone());
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            inbox.push(SocketEvent::Closed {
                channel: from.clone(),
                epoch,
                code: event.code(),
            });
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        let socket = Socket {
            epoch,
            socket,
            _on_message: on_message,
            _on_close: on_close,
        };
        let old = self.open.borrow_mut().insert(channel, socket);
        if let Some(old) = old {
            old.shut();
        }
    }

    /// Closes and hears no more of it.
    pub fn close(&self, channel: &Channel, epoch: Epoch) {
        let paused = self
            .pausing
            .borrow()
            .get(channel)
            .is_some_and(|(waiting, _)| *waiting == epoch);
        if paused {
            self.pausing.borrow_mut().remove(channel);
        }
        let mut open = self.open.borrow_mut();
        if open
            .get(channel)
            .is_some_and(|socket| socket.epoch == epoch)
            && let Some(socket) = open.remove(channel)
        {
            socket.shut();
            self.closed_at
                .borrow_mut()
                .insert(channel.clone(), clock::now());
        }
    }

    /// Sends where that socket is still the present one; what cannot be sent is noticed by the heartbeat.
    pub fn send(&self, channel: &Channel, epoch: Epoch, text: &str) {
        if let Some(socket) = self
            .open
            .borrow()
            .get(channel)
            .filter(|socket| socket.epoch == epoch)
        {
            // One that is closing, of which its close event has not told yet, would only complain in the console.
            if socket.socket.ready_state() <= WebSocket::OPEN {
                let _ = socket.socket.send_with_str(text);
            }
        }
    }
}

impl Socket {
    fn shut(self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
