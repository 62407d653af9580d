//! Pictures: of the graph of a function, of its values.
//!
//! - [`network`]: a function of the graph as a [`diagram`], with `signs` for its operations;
//! - [`layered`] and [`compound`] arrange a diagram; [`svg`] and [`dot`] write it, as SVG, for Graphviz, for Mermaid;
//! - [`sample`]: where a function of one variable is to be evaluated, and where its curve has gaps;
//! - [`chart`], [`contour`]: functions of one and of two variables as a [`scene`] of lines and text;
//! - [`scene_svg`], [`raster`] (with [`font`]) and [`braille`] write those: as SVG, as pixels, as dots in a terminal;
//! - [`matrix`]: the pattern of a matrix, as text and as a scene;
//! - [`letters`]: how much room text takes.
//!
//! Takes graphs, and numbers that other stages found; gives text and bytes. Touches no file.

pub mod braille;
pub mod chart;
pub mod compound;
pub mod contour;
pub mod diagram;
pub mod dot;
pub mod font;
pub mod layered;
pub mod letters;
pub mod matrix;
pub mod network;
pub mod raster;
pub mod sample;
pub mod scene;
pub mod scene_svg;
mod signs;
pub mod svg;
