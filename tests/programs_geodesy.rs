//! Geodesy: positions on the sphere and the ellipsoid.
//!
//! Sources: Snyder, *Map Projections: A Working Manual* (projections); Vincenty (1975) (inverse problem); Bowring (1976)
//! (geodetic latitude); Moritz, *Geodetic Reference System 1980* (normal gravity).

#![allow(clippy::all, missing_docs)]

mod common;
use common::{assert_near, programs};
use differentiable::{Differentiable, differentiable};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const EARTH_RADIUS: f64 = 6371.0;

// Idiom 1: values with methods.

/// A position in degrees.
#[derive(Clone, Copy, Debug, Differentiable)]
struct LatLon {
    lat: f64,
    lon: f64,
}

#[differentiable]
impl LatLon {
    const POLE: f64 = 90.0;

    fn new(lat: f64, lon: f64) -> Self {
        debug_assert!(lat.abs() <= Self::POLE, "latitude {lat}");
        LatLon { lat, lon }
    }

    fn radians(&self) -> (f64, f64) {
        (self.lat.to_radians(), self.lon.to_radians())
    }

    fn haversine(&self, other: &LatLon) -> f64 {
        let (phi1, lambda1) = self.radians();
        let (phi2, lambda2) = other.radians();
        let a =
            ((phi2 - phi1) / 2.0).sin().powi(2) + phi1.cos() * phi2.cos() * ((lambda2 - lambda1) / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS * a.sqrt().asin()
    }

    fn bearing(&self, other: &LatLon) -> f64 {
        let (phi1, lambda1) = self.radians();
        let (phi2, lambda2) = other.radians();
        let (sin_dl, cos_dl) = (lambda2 - lambda1).sin_cos();
        let y = sin_dl * phi2.cos();
        let x = phi1.cos() * phi2.sin() - phi1.sin() * phi2.cos() * cos_dl;
        y.atan2(x).to_degrees().rem_euclid(360.0)
    }

    fn destination(&self, bearing: f64, distance: f64) -> LatLon {
        let (phi, lambda) = self.radians();
        let theta = bearing.to_radians();
        let (sin_d, cos_d) = (distance / EARTH_RADIUS).sin_cos();
        let sin_phi2 = phi.sin() * cos_d + phi.cos() * sin_d * theta.cos();
        let lambda2 = lambda + (theta.sin() * sin_d * phi.cos()).atan2(cos_d - phi.sin() * sin_phi2);
        LatLon::new(sin_phi2.asin().to_degrees(), lambda2.to_degrees())
    }

    fn midpoint(self, other: Self) -> Self {
        let ((phi1, lambda1), (phi2, lambda2)) = (self.radians(), other.radians());
        let bx = phi2.cos() * (lambda2 - lambda1).cos();
        let by = phi2.cos() * (lambda2 - lambda1).sin();
        let phi = (phi1.sin() + phi2.sin()).atan2((phi1.cos() + bx).hypot(by));
        Self { lat: phi.to_degrees(), lon: (lambda1 + by.atan2(phi1.cos() + bx)).to_degrees() }
    }

    /// The distance from the great circle through two points.
    fn cross_track(&self, start: &LatLon, end: &LatLon) -> f64 {
        let d13 = start.haversine(self) / EARTH_RADIUS;
        let difference = (start.bearing(self) - start.bearing(end)).to_radians();
        EARTH_RADIUS * (d13.sin() * difference.sin()).asin()
    }
}

#[differentiable]
fn path_length(points: &[LatLon]) -> f64 {
    points.windows(2).map(|leg| leg[0].haversine(&leg[1])).sum()
}

programs! {
    distance(a: f64 = 48.1, b: f64 = 11.6, c: f64 = 52.5, d: f64 = 13.4) {
        LatLon { lat: a, lon: b }.haversine(&LatLon { lat: c, lon: d })
    }
    initial_bearing(a: f64 = 48.1, b: f64 = 11.6, c: f64 = 52.5, d: f64 = 9.4) {
        LatLon::new(a, b).bearing(&LatLon::new(c, d))
    }
    destination_point(a: f64 = 48.1, b: f64 = 11.6, bearing: f64 = 30.0, d: f64 = 500.0) {
        let p = LatLon::new(a, b).destination(bearing, d);
        p.lat * 2.0 + p.lon
    }
    halfway(a: f64 = 48.1, b: f64 = 11.6, c: f64 = 40.0, d: f64 = -3.0) {
        let m = LatLon::new(a, b).midpoint(LatLon::new(c, d));
        m.lat - m.lon
    }
    off_course(a: f64 = 48.1, b: f64 = 11.6) {
        LatLon::new(a, b).cross_track(&LatLon::new(45.0, 9.0), &LatLon::new(52.5, 13.4))
    }
    journey(a: f64 = 48.1, b: f64 = 11.6, c: f64 = 50.0) {
        path_length(&[LatLon::new(a, b), LatLon::new(c, b), LatLon::new(c, 14.0)])
    }
}

#[test]
fn along_a_meridian_a_degree_is_a_degree() {
    let (start_bar, end_bar) = LatLon::new(10.0, 20.0).haversine_grad(&LatLon::new(40.0, 20.0));
    let degree = EARTH_RADIUS * PI / 180.0;
    assert_near("start", &start_bar.lat, &-degree, 1e-9);
    assert_near("end", &end_bar.lat, &degree, 1e-9);
}

// Idiom 7: iterations. Idiom 10: constants of a type, `Option` results.

#[derive(Clone, Debug, Differentiable)]
struct Ellipsoid {
    a: f64,
    f: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Ecef {
    x: f64,
    y: f64,
    z: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Geodetic {
    phi: f64,
    lambda: f64,
    h: f64,
}

#[differentiable]
impl Ellipsoid {
    const WGS84: Ellipsoid = Ellipsoid { a: 6378.137, f: 1.0 / 298.257223563 };

    fn b(&self) -> f64 {
        self.a * (1.0 - self.f)
    }

    fn e2(&self) -> f64 {
        self.f * (2.0 - self.f)
    }

    fn prime_vertical(&self, phi: f64) -> f64 {
        self.a / (1.0 - self.e2() * phi.sin().powi(2)).sqrt()
    }

    fn meridian_radius(&self, phi: f64) -> f64 {
        let e2 = self.e2();
        self.a * (1.0 - e2) / (1.0 - e2 * phi.sin().powi(2)).powf(1.5)
    }

    fn to_ecef(&self, g: &Geodetic) -> Ecef {
        let n = self.prime_vertical(g.phi);
        let (sin_phi, cos_phi) = g.phi.sin_cos();
        let (sin_lambda, cos_lambda) = g.lambda.sin_cos();
        Ecef {
            x: (n + g.h) * cos_phi * cos_lambda,
            y: (n + g.h) * cos_phi * sin_lambda,
            z: (n * (1.0 - self.e2()) + g.h) * sin_phi,
        }
    }

    /// Bowring's formula, iterated until the reduced latitude no longer changes.
    fn to_geodetic(&self, p: Ecef) -> Geodetic {
        let (a, b, e2) = (self.a, self.b(), self.e2());
        let rho = p.x.hypot(p.y);
        let second = e2 / (1.0 - e2);
        let mut beta = (a * p.z).atan2(b * rho);
        let mut phi;
        loop {
            phi = (p.z + second * b * beta.sin().powi(3)).atan2(rho - e2 * a * beta.cos().powi(3));
            let next = ((1.0 - self.f) * phi.sin()).atan2(phi.cos());
            let change = (next - beta).abs();
            beta = next;
            if change < 1e-14 {
                break;
            }
        }
        let n = self.prime_vertical(phi);
        let h = rho * phi.cos() + p.z * phi.sin() - self.a * self.a / n;
        Geodetic { phi, lambda: p.y.atan2(p.x), h }
    }

    /// Vincenty's inverse problem: the length of the geodesic, unless the points are nearly antipodal.
    fn vincenty(&self, from: &LatLon, to: &LatLon) -> Option<f64> {
        let f = self.f;
        let l = (to.lon - from.lon).to_radians();
        let u1 = ((1.0 - f) * from.lat.to_radians().tan()).atan();
        let u2 = ((1.0 - f) * to.lat.to_radians().tan()).atan();
        let ((su1, cu1), (su2, cu2)) = (u1.sin_cos(), u2.sin_cos());
        let mut lambda = l;
        for _ in 0..100 {
            let (sl, cl) = lambda.sin_cos();
            let sin_sigma = ((cu2 * sl).powi(2) + (cu1 * su2 - su1 * cu2 * cl).powi(2)).sqrt();
            if sin_sigma == 0.0 {
                return Some(0.0);
            }
            let cos_sigma = su1 * su2 + cu1 * cu2 * cl;
            let sigma = sin_sigma.atan2(cos_sigma);
            let sin_alpha = cu1 * cu2 * sl / sin_sigma;
            let cos2_alpha = 1.0 - sin_alpha.powi(2);
            let cos_2sm = if cos2_alpha == 0.0 { 0.0 } else { cos_sigma - 2.0 * su1 * su2 / cos2_alpha };
            let c = f / 16.0 * cos2_alpha * (4.0 + f * (4.0 - 3.0 * cos2_alpha));
            let previous = lambda;
            lambda = l
                + (1.0 - c)
                    * f
                    * sin_alpha
                    * (sigma + c * sin_sigma * (cos_2sm + c * cos_sigma * (2.0 * cos_2sm * cos_2sm - 1.0)));
            if (lambda - previous).abs() < 1e-13 {
                let u_sq = cos2_alpha * (self.a.powi(2) - self.b().powi(2)) / self.b().powi(2);
                let big_a = 1.0 + u_sq / 16384.0 * (4096.0 + u_sq * (-768.0 + u_sq * (320.0 - 175.0 * u_sq)));
                let big_b = u_sq / 1024.0 * (256.0 + u_sq * (-128.0 + u_sq * (74.0 - 47.0 * u_sq)));
                let delta = big_b
                    * sin_sigma
                    * (cos_2sm
                        + big_b / 4.0
                            * (cos_sigma * (2.0 * cos_2sm.powi(2) - 1.0)
                                - big_b / 6.0
                                    * cos_2sm
                                    * (4.0 * sin_sigma.powi(2) - 3.0)
                                    * (4.0 * cos_2sm.powi(2) - 3.0)));
                return Some(self.b() * big_a * (sigma - delta));
            }
        }
        None
    }

    /// The length of the meridian from the equator, by its series in the third flattening.
    fn meridian_arc(&self, phi: f64) -> f64 {
        let n = self.f / (2.0 - self.f);
        let coefficients = [
            1.0 + n * n / 4.0 + n.powi(4) / 64.0,
            -1.5 * (n - n.powi(3) / 8.0),
            15.0 / 16.0 * (n * n - n.powi(4) / 4.0),
            -35.0 / 48.0 * n.powi(3),
        ];
        let sum = coefficients
            .iter()
            .enumerate()
            .map(|(k, c)| if k == 0 { c * phi } else { c * (2.0 * k as f64 * phi).sin() })
            .sum::<f64>();
        self.a / (1.0 + n) * sum
    }
}

programs! {
    radii(a: f64 = 6378.0, f: f64 = 0.003, phi: f64 = 0.8) {
        let e = Ellipsoid { a, f };
        e.prime_vertical(phi) - e.meridian_radius(phi)
    }
    cartesian(phi: f64 = 0.8, lambda: f64 = 0.2, h: f64 = 1.5) {
        let p = Ellipsoid::WGS84.to_ecef(&Geodetic { phi, lambda, h });
        p.x + 2.0 * p.y - p.z
    }
    geodetic(x: f64 = 4200.0, y: f64 = 850.0, z: f64 = 4750.0) {
        let g = Ellipsoid::WGS84.to_geodetic(Ecef { x, y, z });
        g.phi * 100.0 + g.lambda * 10.0 + g.h
    }
    inverse_problem(lat: f64 = 48.1, lon: f64 = 11.6) {
        match Ellipsoid::WGS84.vincenty(&LatLon::new(lat, lon), &LatLon::new(52.5, 13.4)) {
            Some(length) => length,
            None => f64::NAN,
        }
    }
    meridian(a: f64 = 6378.0, f: f64 = 0.003, phi: f64 = 0.8) { Ellipsoid { a, f }.meridian_arc(phi) }
}

#[test]
fn there_and_back_again() {
    let e = Ellipsoid::WGS84;
    let (_, g_bar) = {
        let p = e.to_ecef(&Geodetic { phi: 0.7, lambda: 0.3, h: 2.0 });
        e.to_geodetic_vjp(p).1(GeodeticTangent { phi: 0.0, lambda: 0.0, h: 1.0 })
    };
    // The height grows along the normal.
    assert_near(
        "normal",
        &[g_bar.x, g_bar.y, g_bar.z],
        &[0.7_f64.cos() * 0.3_f64.cos(), 0.7_f64.cos() * 0.3_f64.sin(), 0.7_f64.sin()],
        1e-9,
    );
    let (_, arc_bar) = e.meridian_arc_grad(0.7);
    assert_near("arc", &arc_bar, &e.meridian_radius(0.7), 1e-6);
}

// Idioms 2 and 3: projections.

#[differentiable]
fn mercator(lat: f64, lon: f64, lon0: f64) -> (f64, f64) {
    let x = EARTH_RADIUS * (lon - lon0).to_radians();
    let y = EARTH_RADIUS * (FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
    (x, y)
}

#[differentiable]
fn inverse_mercator(x: f64, y: f64, lon0: f64) -> (f64, f64) {
    let lat = FRAC_PI_2 - 2.0 * (-y / EARTH_RADIUS).exp().atan();
    (lat.to_degrees(), lon0 + (x / EARTH_RADIUS).to_degrees())
}

#[differentiable]
fn lambert_conic(lat: f64, lon: f64, parallels: (f64, f64)) -> [f64; 2] {
    let (phi, lambda) = (lat.to_radians(), lon.to_radians());
    let (phi1, phi2) = (parallels.0.to_radians(), parallels.1.to_radians());
    let t = |phi: f64| (FRAC_PI_4 + phi / 2.0).tan();
    let n =
        if (phi1 - phi2).abs() < 1e-9 { phi1.sin() } else { (phi1.cos() / phi2.cos()).ln() / (t(phi2) / t(phi1)).ln() };
    let f = phi1.cos() * t(phi1).powf(n) / n;
    let rho = EARTH_RADIUS * f / t(phi).powf(n);
    let (s, c) = (n * lambda).sin_cos();
    [rho * s, EARTH_RADIUS * f - rho * c]
}

/// Somigliana's formula.
#[differentiable]
fn normal_gravity(phi: f64) -> f64 {
    const EQUATOR: f64 = 9.7803253359;
    const POLE: f64 = 9.8321849378;
    let e = Ellipsoid::WGS84;
    let k = (1.0 - e.f) * POLE / EQUATOR - 1.0;
    let s2 = phi.sin().powi(2);
    EQUATOR * (1.0 + k * s2) / (1.0 - 0.00669437999 * s2).sqrt()
}

/// The angle in -180..180.
#[differentiable]
fn normalized(degrees: f64) -> f64 {
    let mut angle = degrees % 360.0;
    if angle > 180.0 {
        angle -= 360.0;
    } else if angle <= -180.0 {
        angle += 360.0;
    }
    angle
}

#[differentiable]
fn degrees_from_dms(degrees: i32, minutes: u8, seconds: f64) -> f64 {
    let sign = if degrees < 0 { -1.0 } else { 1.0 };
    sign * (f64::from(degrees.abs()) + f64::from(minutes) / 60.0 + seconds / 3600.0)
}

programs! {
    mercator_scale(lat: f64 = 48.0, lon: f64 = 11.0) {
        let (x, y) = mercator(lat, lon, 9.0);
        x / 1000.0 + y / 500.0
    }
    mercator_round_trip(lat: f64 = 48.0, lon: f64 = 11.0) {
        let (x, y) = mercator(lat, lon, 9.0);
        let (lat, lon) = inverse_mercator(x, y, 9.0);
        lat * lon
    }
    conic(lat: f64 = 48.0, lon: f64 = 3.0, p: f64 = 40.0) {
        let [x, y] = lambert_conic(lat, lon, (p, 52.0));
        x - y
    }
    conic_with_one_parallel(lat: f64 = 48.0, lon: f64 = 3.0) { lambert_conic(lat, lon, (45.0, 45.0)).iter().sum() }
    gravity(phi: f64 = 0.7) { normal_gravity(phi) }
    wrapped(a: f64 = 725.0) { normalized(a) * normalized(-a) + normalized(200.0 + a) }
    sexagesimal(s: f64 = 21.5) { degrees_from_dms(-12, 30, s) * degrees_from_dms(3, 15, s) }
    polygon_area(xs: Vec<f64> = vec![0.0, 2.0, 2.5, 0.5], ys: Vec<f64> = vec![0.0, 0.1, 1.5, 1.2]) {
        let n = xs.len();
        (0..n).map(|i| (i, (i + 1) % n)).map(|(i, j)| xs[i] * ys[j] - xs[j] * ys[i]).sum::<f64>() / 2.0
    }
}
