//! The ROC curve where it matters: no one looks at a list of which more than a few percent of all flows are false alarms.

use serde::{Deserialize, Serialize};

use super::{curve::Curve, step::Step};

/// The area under the ROC curve from no false alarms up to some rate of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PartialArea {
    /// The highest rate of false alarms, in (0, 1].
    pub max_false_alarm_rate: f64,
    /// The area itself, in 0..=`max_false_alarm_rate`.
    pub area: f64,
}

impl PartialArea {
    /// The mean recall over these rates, in 0..=1: the area by its width. A random order scores half the highest rate.
    #[must_use]
    pub fn mean_recall(&self) -> f64 {
        self.area / self.max_false_alarm_rate
    }

    /// The area in the scale of the whole one: 0.5 for a random order, 1 for the best (McClish, *Analyzing a Portion of the
    /// ROC Curve*, 1989). scikit-learn's `roc_auc_score` with `max_fpr`.
    #[must_use]
    pub fn standardised(&self) -> f64 {
        let width = self.max_false_alarm_rate;
        let (least, most) = (0.5 * width * width, width);
        0.5 * (1.0 + (self.area - least) / (most - least))
    }
}

impl Curve {
    /// The area under the ROC curve up to a rate of false alarms; `None` if one of the two kinds of rows is missing, or the
    /// rate is not in (0, 1].
    ///
    /// By trapezoids, so that ties count half; in the step in which the rate is reached, along its line.
    #[must_use]
    pub fn partial_auc(&self, max_false_alarm_rate: f64) -> Option<PartialArea> {
        let all = self.seen();
        if all.anomalies == 0 || all.normal == 0 || !(max_false_alarm_rate > 0.0 && max_false_alarm_rate <= 1.0) {
            return None;
        }
        let most = max_false_alarm_rate * all.normal as f64;
        let mut seen = Step::default();
        // Twice the area, in pairs of an anomaly and a normal row: exact but for the last step.
        let (mut whole, mut last) = (0_u128, 0.0);
        for step in self.steps().iter().map(|step| step.rows()) {
            if (seen.normal + step.normal) as f64 > most {
                let width = most - seen.normal as f64;
                let slope = step.anomalies as f64 / step.normal as f64;
                last = width * (2.0 * seen.anomalies as f64 + width * slope);
                break;
            }
            whole += u128::from(step.normal) * u128::from(2 * seen.anomalies + step.anomalies);
            seen.anomalies += step.anomalies;
            seen.normal += step.normal;
        }
        let area = (whole as f64 + last) / (2.0 * all.anomalies as f64 * all.normal as f64);
        Some(PartialArea { max_false_alarm_rate, area })
    }
}
