//! What the page knows of the autoencoder: what was chosen, and how its training goes.

use leptos::prelude::*;

use super::forms::{
    Texts,
    autoencoder::{AUTOENCODER, usual},
};
use crate::{
    detect::autoencoder::{Epoch, Params},
    features::Mode,
    train::{Device, DevicePreference, News},
    web::now,
};

/// Milliseconds between two looks at the epochs, at least: small networks have thousands in a second, and each look draws all.
const PAUSE: f64 = 100.0;
/// So much longer for each epoch that there is to draw.
const PAUSE_PER_EPOCH: f64 = 0.02;

/// What was chosen, and how the training goes.
#[derive(Clone, Copy)]
pub struct Training {
    /// Which device it should use.
    pub preference: RwSignal<DevicePreference>,
    /// What was typed into its form.
    pub texts: RwSignal<Texts>,
    /// The epochs of the training at hand, or of the last one; the newest of them after a pause.
    pub epochs: RwSignal<Vec<Epoch>>,
    heard: StoredValue<Vec<Epoch>>,
    /// When `epochs` was set.
    shown: StoredValue<f64>,
    /// What computes it, once that is known.
    pub device: RwSignal<Option<Device>>,
}

impl Training {
    /// Nothing chosen yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            preference: RwSignal::new(DevicePreference::default()),
            texts: RwSignal::new(Texts::default()),
            epochs: RwSignal::new(Vec::new()),
            heard: StoredValue::new(Vec::new()),
            shown: StoredValue::new(f64::NEG_INFINITY),
            device: RwSignal::new(None),
        }
    }

    /// The parameters of the next run, if nothing wrong was typed.
    #[must_use]
    pub fn params(self, mode: Mode) -> Option<Params> {
        let params = self.texts.with(|texts| AUTOENCODER.read(texts, &usual(mode)).ok())?;
        params.clone().check().is_ok().then_some(params)
    }

    /// Hears how an epoch went.
    pub fn hear(self, news: News) {
        if self.device.get_untracked() != Some(news.device) {
            self.device.set(Some(news.device));
        }
        self.heard.update_value(|epochs| {
            epochs.truncate(news.number);
            epochs.push(news.epoch);
        });
        let pause = PAUSE + PAUSE_PER_EPOCH * self.heard.with_value(Vec::len) as f64;
        if now() - self.shown.get_value() >= pause {
            self.shown.set_value(now());
            self.epochs.set(self.heard.get_value());
        }
    }

    /// Forgets the last training.
    pub fn forget(self) {
        self.epochs.set(Vec::new());
        self.heard.set_value(Vec::new());
        self.shown.set_value(f64::NEG_INFINITY);
        self.device.set(None);
    }
}

impl Default for Training {
    fn default() -> Self {
        Self::new()
    }
}
