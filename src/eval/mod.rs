//! Statements to numbers.
