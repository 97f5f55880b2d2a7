//! What the page knows of the autoencoder: what was chosen, and how its training goes.

use leptos::prelude::*;

use crate::{
    detect::{
        Method,
        autoencoder::{Activation, Epoch, Params},
    },
    engine::Detector,
    features::Mode,
    train::{Device, DevicePreference, News},
};

/// The numbers that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Hidden layers (units).
    Hidden,
    /// Most epochs.
    Epochs,
    /// Rows of a step.
    Batch,
    /// Adam's step size.
    Rate,
    /// Epochs without a better loss before it ends; 0 for never.
    Patience,
    /// Per cent of the rows that validate.
    Validation,
    /// Per cent of the values that are masked.
    Noise,
    /// Per cent of the rows that each epoch leaves out.
    Trim,
    /// The seed.
    Seed,
}

impl Number {
    /// All of them, as they are shown.
    pub const ALL: [Self; 9] = [
        Self::Hidden,
        Self::Epochs,
        Self::Batch,
        Self::Rate,
        Self::Patience,
        Self::Validation,
        Self::Noise,
        Self::Trim,
        Self::Seed,
    ];

    /// Its name for scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hidden => "ae-hidden",
            Self::Epochs => "ae-epochs",
            Self::Batch => "ae-batch",
            Self::Rate => "ae-rate",
            Self::Patience => "ae-patience",
            Self::Validation => "ae-validation",
            Self::Noise => "ae-noise",
            Self::Trim => "ae-trim",
            Self::Seed => "ae-seed",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Hidden => "Hidden layers (units)",
            Self::Epochs => "Maximum epochs",
            Self::Batch => "Batch size (flows)",
            Self::Rate => "Learning rate",
            Self::Patience => "Early-stopping patience (epochs)",
            Self::Validation => "Validation split (%)",
            Self::Noise => "Masking noise (%)",
            Self::Trim => "Trimmed per epoch: flows with the largest error (%)",
            Self::Seed => "Seed",
        }
    }

    /// What `params` has of it.
    #[must_use]
    pub fn text(self, params: &Params) -> String {
        match self {
            Self::Hidden => units(&params.hidden),
            Self::Epochs => params.epochs.to_string(),
            Self::Batch => params.batch_size.to_string(),
            Self::Rate => params.learning_rate.to_string(),
            Self::Patience => params.patience.unwrap_or(0).to_string(),
            Self::Validation => percent(params.validation_share),
            Self::Noise => percent(params.noise),
            Self::Trim => percent(params.trim),
            Self::Seed => params.seed.to_string(),
        }
    }

    /// Puts what was typed into `params`. Layers that were typed are not made narrower.
    ///
    /// # Errors
    /// What cannot be understood, in words.
    pub fn take(self, text: &str, params: &mut Params) -> Result<(), String> {
        let text = text.trim();
        let not = || format!("{}: “{text}” is no such number.", self.words());
        let whole = || text.parse::<usize>().map_err(|_| not());
        let any = || text.parse::<f64>().map_err(|_| not());
        match self {
            Self::Hidden => {
                let units = text.split([',', ' ', '-', '–']).filter(|unit| !unit.is_empty());
                params.hidden = units.map(|unit| unit.parse().map_err(|_| not())).collect::<Result<_, _>>()?;
                params.undercomplete = false;
            }
            Self::Epochs => params.epochs = whole()?,
            Self::Batch => params.batch_size = whole()?,
            Self::Rate => params.learning_rate = any()?,
            Self::Patience => params.patience = Some(whole()?).filter(|epochs| *epochs > 0),
            Self::Validation => params.validation_share = any()? / 100.0,
            Self::Noise => params.noise = any()? / 100.0,
            Self::Trim => params.trim = any()? / 100.0,
            Self::Seed => params.seed = text.parse().map_err(|_| not())?,
        }
        Ok(())
    }
}

/// Units by layer, as they are typed.
#[must_use]
pub fn units(layers: &[usize]) -> String {
    layers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// What becomes of the layers of `params` in narrow tables, in a sentence; nothing where they stay as they are.
#[must_use]
pub fn narrowed(params: &Params) -> Option<String> {
    let least = (2 * params.code()).saturating_sub(1);
    let narrowed = params.undercomplete && least > 1;
    narrowed.then(|| {
        format!(
            "Where fewer than {least} features are compared, the narrowest layer has half as many units as there are."
        )
    })
}

fn percent(share: f64) -> String {
    ((share * 1e6).round() / 1e4).to_string()
}

/// The parameters that a mode has if nothing is chosen.
#[must_use]
pub fn usual(mode: Mode) -> Params {
    match mode {
        Mode::Recommended => Params::recommended(),
        Mode::Classic => Params::classic(),
    }
}

/// What was chosen, and how the training goes.
#[derive(Clone, Copy)]
pub struct Training {
    /// The next run is by autoencoder.
    pub chosen: RwSignal<bool>,
    /// Which device it should use.
    pub preference: RwSignal<DevicePreference>,
    /// What hidden units compute, if not what the mode has.
    pub activation: RwSignal<Option<Activation>>,
    /// What was typed, where that is not what the mode has.
    pub typed: RwSignal<Vec<(Number, String)>>,
    /// The epochs of the training at hand, or of the last one.
    pub epochs: RwSignal<Vec<Epoch>>,
    /// What computes it, once that is known.
    pub device: RwSignal<Option<Device>>,
}

impl Training {
    /// Nothing chosen yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            chosen: RwSignal::new(false),
            preference: RwSignal::new(DevicePreference::default()),
            activation: RwSignal::new(None),
            typed: RwSignal::new(Vec::new()),
            epochs: RwSignal::new(Vec::new()),
            device: RwSignal::new(None),
        }
    }

    /// The parameters of the next run.
    ///
    /// # Errors
    /// What cannot be trained with, in words.
    pub fn params(self, mode: Mode) -> Result<Params, String> {
        let mut params = usual(mode);
        if let Some(activation) = self.activation.get() {
            params.activation = activation;
        }
        self.typed.with(|typed| typed.iter().try_for_each(|(number, text)| number.take(text, &mut params)))?;
        params.check().map(Params::from).map_err(|error| capital(&error.to_string()))
    }

    /// The detector of the next run.
    #[must_use]
    pub fn method(self) -> Method {
        if self.chosen.get() { Method::Autoencoder } else { Method::IsolationForest }
    }

    /// The same with its parameters, if that is the autoencoder and its parameters can be trained with.
    #[must_use]
    pub fn detector(self, mode: Mode) -> Option<Detector> {
        let chosen = self.chosen.get_untracked();
        let params = chosen.then(|| untrack(|| self.params(mode)).ok()).flatten()?;
        Some(Detector::Autoencoder(params, self.preference.get_untracked()))
    }

    /// Takes in what was typed.
    pub fn type_number(self, number: Number, text: String) {
        self.typed.update(|typed| {
            typed.retain(|(other, _)| *other != number);
            typed.push((number, text));
        });
    }

    /// Goes back to what the mode has.
    pub fn reset(self) {
        self.typed.set(Vec::new());
        self.activation.set(None);
    }

    /// Something else than usual was chosen.
    #[must_use]
    pub fn is_changed(self) -> bool {
        self.typed.with(|typed| !typed.is_empty()) || self.activation.get().is_some()
    }

    /// Hears how an epoch went.
    pub fn hear(self, news: News) {
        self.device.set(Some(news.device));
        self.epochs.update(|epochs| {
            epochs.truncate(news.number);
            epochs.push(news.epoch);
        });
    }

    /// Forgets the last training.
    pub fn forget(self) {
        self.epochs.set(Vec::new());
        self.device.set(None);
    }
}

impl Default for Training {
    fn default() -> Self {
        Self::new()
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_typed_back() {
        for mode in [Mode::Recommended, Mode::Classic] {
            let mut params = Params { noise: 0.5, trim: 0.2, seed: 0, ..Params::classic() };
            let activation = usual(mode).activation;
            Number::ALL
                .iter()
                .for_each(|number| number.take(&number.text(&usual(mode)), &mut params).expect("numbers"));
            let train_share = usual(mode).train_share;
            // Who types layers gets those.
            assert!(!params.undercomplete && params.layers(4) == usual(mode).hidden);
            let undercomplete = usual(mode).undercomplete;
            assert_eq!(Params { activation, train_share, undercomplete, ..params }, usual(mode));
        }
    }

    #[test]
    fn what_is_said_of_narrow_tables_is_so() {
        let mut params = usual(Mode::Recommended);
        assert!(narrowed(&params).expect("a sentence").contains("fewer than 15 features"));
        assert!(params.layers(14) != params.hidden && params.layers(15) == params.hidden);
        assert_eq!(narrowed(&usual(Mode::Classic)), None);
        Number::Hidden.take("16, 8, 16", &mut params).expect("units");
        assert_eq!(narrowed(&params), None);
    }

    #[test]
    fn what_is_no_number_is_said() {
        let mut params = Params::classic();
        assert!(Number::Epochs.take("ten", &mut params).unwrap_err().contains("“ten”"));
        assert!(Number::Hidden.take("16, x", &mut params).is_err());
        Number::Hidden.take("12-3-12", &mut params).expect("units");
        assert_eq!(params.hidden, [12, 3, 12]);
        assert_eq!(capital("a batch"), "A batch.");
    }
}
