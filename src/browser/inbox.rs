//! What the server said and nobody has been told yet: gathered and reported once a frame, or by a timer while the page is
//! hidden.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::page;
use crate::app::SocketEvent;

/// A hidden page gets no frames: what came is reported so much later, in milliseconds.
const HIDDEN_FLUSH: u32 = 200;

/// What sockets said and nobody has been told yet.
pub struct Inbox {
    events: RefCell<Vec<SocketEvent>>,
    frame_asked: Cell<bool>,
    timer: RefCell<Option<Timeout>>,
    on_frame: RefCell<Option<Closure<dyn FnMut()>>>,
    report: Box<dyn Fn(Vec<SocketEvent>)>,
}

impl Inbox {
    /// `report` is called with what was said since the last time, in order.
    pub fn new(report: impl Fn(Vec<SocketEvent>) + 'static) -> Rc<Self> {
        let inbox = Rc::new(Self {
            events: RefCell::default(),
            frame_asked: Cell::new(false),
            timer: RefCell::default(),
            on_frame: RefCell::default(),
            report: Box::new(report),
        });
        let for_frame = inbox.clone();
        *inbox.on_frame.borrow_mut() = Some(Closure::new(move || for_frame.flush()));
        // A frame that was asked for just before the page was hidden never comes.
        let for_hiding = inbox.clone();
        page::listen(page::Target::Document, "visibilitychange", move |_| {
            for_hiding.flush()
        });
        inbox
    }

    /// Takes an event, which is reported with the others of its frame.
    pub fn push(self: &Rc<Self>, event: SocketEvent) {
        self.events.borrow_mut().push(event);
        if self.frame_asked.get() || self.timer.borrow().is_some() {
            return;
        }
        if page::is_visible() {
            self.frame_asked.set(true);
            let asked = match (page::window(), self.on_frame.borrow().as_ref()) {
                (Some(window), Some(closure)) => window
                    .request_animation_frame(closure.as_ref().unchecked_ref())
                    .is_ok(),
                _ => false,
            };
            if !asked {
                self.flush();
            }
        } else {
            let inbox = self.clone();
            *self.timer.borrow_mut() = Some(Timeout::new(HIDDEN_FLUSH, move || inbox.flush()));
        }
    }

    /// Reports what was said since the last time.
    pub fn flush(&self) {
        self.frame_asked.set(false);
        drop(self.timer.borrow_mut().take());
        let events = std::mem::take(&mut *self.events.borrow_mut());
        if !events.is_empty() {
            (self.report)(events);
        }
    }
}
