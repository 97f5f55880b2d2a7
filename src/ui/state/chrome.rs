//! The page itself, whatever it is about.

use leptos::prelude::*;

use crate::{
    ui::charts::Palette,
    web::dom::{Offline, set_hash},
};

/// What the main part of the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The flows that stand out, and why.
    Findings,
    /// All flows, in charts.
    Explore,
    /// How good the results are, by labels.
    Evaluate,
    /// The file.
    Data,
    /// Detectors that are kept.
    Models,
}

impl Tab {
    /// All of them, as they are shown.
    pub const ALL: [Self; 5] = [Self::Findings, Self::Explore, Self::Evaluate, Self::Data, Self::Models];

    /// Its name for scripts and in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::Explore => "explore",
            Self::Evaluate => "evaluate",
            Self::Data => "data",
            Self::Models => "models",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Findings => "Findings",
            Self::Explore => "Explore",
            Self::Evaluate => "Evaluate",
            Self::Data => "Data",
            Self::Models => "Models",
        }
    }

    /// The tab that an address names behind its `#`.
    pub fn named(hash: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == hash.trim_start_matches('#'))
    }
}

/// Something that is said until it is closed, or until something new is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub text: String,
}

/// The page itself.
#[derive(Clone, Copy)]
pub struct Chrome {
    /// The tab that the visitor wants, which may have nothing to show yet.
    pub tab: RwSignal<Tab>,
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
            tab: RwSignal::new(Tab::Findings),
            notice: RwSignal::new(None),
            palette: RwSignal::new(Palette::default()),
            offline: RwSignal::new(None),
            neutralise: RwSignal::new(false),
        }
    }
    /// Opens a tab, and says so in the address.
    pub fn open(self, tab: Tab) {
        if self.tab.get_untracked() != tab {
            self.tab.set(tab);
        }
        set_hash(tab.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_are_named_in_the_address() {
        assert!(Tab::ALL.into_iter().all(|tab| Tab::named(&format!("#{}", tab.name())) == Some(tab)));
        assert_eq!((Tab::named(""), Tab::named("#else")), (None, None));
    }
}
