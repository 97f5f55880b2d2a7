//! A synthetic file of flows, seeded.
