//! The report templates: reading them, choosing one, and what happens when one is not offered any more.

use crate::app::notifications::messages::Tone;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::plan::{Complaint, Field};
use crate::domain::template::{Template, TemplateVersion};
use crate::error::Error;
use crate::machine::launch::{Input, Launch};
use crate::wire::rest::{Reply, Request};

impl Model {
    pub(crate) fn read_templates(&mut self, ctx: &mut Ctx) {
        self.compose.templates.load(ctx.now);
        self.send(Slot::Templates, Request::Templates, ctx);
    }

    pub(crate) fn templates_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Templates(templates) => Ok(templates),
            _ => Err(unexpected("load the templates")),
        });
        let failed = result.as_ref().err().cloned();
        let were_known = self.compose.templates.value().is_some();
        self.compose.templates.settle(result, ctx.now);
        let reviewing = matches!(self.compose.launch, Launch::Reviewing(_));
        if let Some(error) = failed {
            if reviewing {
                self.leave_review(
                    Complaint {
                        field: Field::Template,
                        text: error.to_string(),
                    },
                    ctx,
                );
            }
            return;
        }
        let before = self.compose.template.clone();
        if before.is_some() && self.compose.chosen_template().is_none() {
            self.compose.template_gone = self.compose.template.take();
        }
        if self.compose.template.is_none() {
            self.compose.template = self
                .compose
                .newest_template()
                .map(|template| template.version.clone());
            if self.route.template.is_some() {
                self.route.template.clone_from(&self.compose.template);
                self.navigate(true, ctx);
            }
        }
        let gone = before.is_some() && self.compose.template != before;
        if gone && reviewing {
            let text = "This template is not offered any more. The newest one is chosen now: check the price again.";
            self.leave_review(
                Complaint {
                    field: Field::Template,
                    text: text.into(),
                },
                ctx,
            );
        } else if reviewing {
            self.launch_input(Input::TemplateConfirmed, ctx);
        } else if gone && self.compose.launch.run().is_some() {
            self.launch_input(Input::HoldRest, ctx);
            let text =
                "This template is not offered any more: no further batch is started with it.";
            self.toast(Tone::Bad, text, ctx);
        }
        // One that the address names is what it was, but only now it can be priced.
        if self.compose.template != before || !were_known {
            self.price_changed(ctx);
        }
    }

    pub(crate) fn template_chosen(&mut self, version: TemplateVersion, ctx: &mut Ctx) {
        self.compose.template = Some(version.clone());
        self.compose.template_gone = None;
        self.compose
            .complaints
            .retain(|complaint| complaint.field != Field::Template);
        self.route.template = Some(version);
        self.navigate(true, ctx);
        self.price_changed(ctx);
    }

    /// Reads what the price needs and is not there yet.
    pub(crate) fn load_what_is_chosen(&mut self, ctx: &mut Ctx) {
        if self.session.is_signed_in() && self.compose.templates.is_idle() {
            self.read_templates(ctx);
            self.read_budget(ctx);
        }
    }

    /// The address names a template: it is taken where it is another one than the present.
    pub(crate) fn template_named(&mut self, version: TemplateVersion, ctx: &mut Ctx) {
        // One that is not offered any more was replaced already.
        let is_offered =
            self.compose.templates.value().is_none() || self.offered(&version).is_some();
        if is_offered && Some(&version) != self.compose.template.as_ref() {
            self.compose.template = Some(version);
            self.price_changed(ctx);
        }
    }
}

impl Model {
    pub(crate) fn offered(&self, version: &TemplateVersion) -> Option<&Template> {
        let offered = self.compose.templates.value().map(Vec::as_slice);
        let mut offered = offered.unwrap_or_default().iter();
        offered.find(|known| known.version == *version)
    }
}
