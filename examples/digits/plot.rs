//! Draws the loss curve.

use std::error::Error;
use std::fs;
use std::path::Path;

use plotters::prelude::*;

/// The mean loss over the training and over the test rows after one epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch {
    pub(crate) train_loss: f32,
    pub(crate) test_loss: f32,
}

/// Writes the losses of all epochs to `path` as an SVG picture with a logarithmic axis.
///
/// # Errors
///
/// The file or its folder cannot be written.
pub(crate) fn loss_curve(path: &Path, history: &[Epoch]) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, draw(history)?)?;
    Ok(())
}

fn draw(history: &[Epoch]) -> Result<String, Box<dyn Error>> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (800, 500)).into_drawing_area();
        root.fill(&WHITE)?;
        let losses = || history.iter().flat_map(|epoch| [epoch.train_loss, epoch.test_loss]);
        let low = losses().fold(f32::INFINITY, f32::min).max(1e-6);
        let high = losses().fold(low, f32::max);
        let mut chart = ChartBuilder::on(&root)
            .caption("Handwritten digits: cross-entropy per epoch", ("sans-serif", 22))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(1.0..history.len().max(2) as f32, (low * 0.8..high * 1.25).log_scale())?;
        chart
            .configure_mesh()
            .x_desc("epoch")
            .y_desc("loss")
            .x_label_formatter(&|epoch| format!("{epoch:.0}"))
            .y_label_formatter(&|loss| format!("{loss:.3}"))
            .draw()?;
        let training: Vec<f32> = history.iter().map(|epoch| epoch.train_loss).collect();
        let test: Vec<f32> = history.iter().map(|epoch| epoch.test_loss).collect();
        for (name, colour, losses) in [("training", BLUE, training), ("test", RED, test)] {
            let points = losses.into_iter().enumerate().map(|(index, loss)| ((index + 1) as f32, loss));
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
