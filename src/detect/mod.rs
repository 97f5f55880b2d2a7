//! Matrix → scores: a folder per algorithm, and the threshold that turns scores into a verdict.
