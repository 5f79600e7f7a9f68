//! Draws loss and accuracy.

use std::error::Error;
use std::fs;
use std::path::Path;

use plotters::prelude::*;

/// What an epoch achieved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    /// The mean loss of the training images while they were used.
    pub(crate) loss: f32,
    /// The share of the test images that are recognised.
    pub(crate) accuracy: f64,
}

/// Writes the curves of all epochs to `path` as an SVG picture.
///
/// # Errors
///
/// The file or its folder cannot be written.
pub(crate) fn curves(path: &Path, curve: &[Point]) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, draw(curve)?)?;
    Ok(())
}

fn draw(curve: &[Point]) -> Result<String, Box<dyn Error>> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (800, 500)).into_drawing_area();
        root.fill(&WHITE)?;
        let high = curve.iter().map(|point| f64::from(point.loss)).fold(1.0, f64::max);
        let mut chart = ChartBuilder::on(&root)
            .caption("ResNet-18 on handwritten digits", ("sans-serif", 22))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(1.0..curve.len().max(2) as f64, 0.0..high * 1.05)?;
        chart.configure_mesh().x_desc("epoch").x_label_formatter(&|epoch| format!("{epoch:.0}")).draw()?;
        let losses: Vec<f64> = curve.iter().map(|point| f64::from(point.loss)).collect();
        let accuracies: Vec<f64> = curve.iter().map(|point| point.accuracy).collect();
        for (name, colour, values) in [("training loss", BLUE, losses), ("test accuracy", RED, accuracies)] {
            let points = values.into_iter().enumerate().map(|(index, value)| ((index + 1) as f64, value));
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
        }
        chart.configure_series_labels().background_style(WHITE).border_style(BLACK).draw()?;
        root.present()?;
    }
    Ok(svg)
}
