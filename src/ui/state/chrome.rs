//! The page itself, whatever it is about.

use leptos::prelude::*;

use crate::{ui::charts::Palette, web::dom::Offline};

/// Something that is said until it is closed, or until something new is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub text: String,
}

/// The page itself.
#[derive(Clone, Copy)]
pub struct Chrome {
    /// What went wrong.
    pub notice: RwSignal<Option<Notice>>,
    /// The stylesheet's colours.
    pub palette: RwSignal<Palette>,
    /// Whether the site is stored for use without a network.
    pub offline: RwSignal<Option<Offline>>,
    /// Whether downloads have formulas neutralised.
    pub neutralise: RwSignal<bool>,
}

impl Chrome {
    /// Nothing to say yet.
    pub fn new() -> Self {
        Self {
            notice: RwSignal::new(None),
            palette: RwSignal::new(Palette::default()),
            offline: RwSignal::new(None),
            neutralise: RwSignal::new(false),
        }
    }
}
