//! Filled with claims below.
