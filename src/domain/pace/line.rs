//! A straight line through weighted points, and how sure it is.

/// A straight line, and the inverse of its normal equations.
#[derive(Default)]
pub(super) struct Line {
    level: f64,
    slope: f64,
    inverse: [f64; 3],
}

impl Line {
    /// Weighted least squares with a prior on the slope around 0.
    pub(super) fn through(
        paces: &[f64],
        place: impl Fn(usize) -> f64,
        forgetting: f64,
        prior: f64,
    ) -> Self {
        let (mut a, mut b, mut c) = (0.0, 0.0, prior);
        let (mut d, mut e) = (0.0, 0.0);
        let mut weight = 1.0;
        for (step, pace) in paces.iter().enumerate().rev() {
            let x = place(step);
            a += weight;
            b += weight * x;
            c += weight * x * x;
            d += weight * pace;
            e += weight * x * pace;
            weight *= forgetting;
        }
        let determinant = a * c - b * b;
        if determinant <= 0.0 {
            return Self {
                level: d / a.max(1e-9),
                ..Self::default()
            };
        }
        Self {
            level: (d * c - e * b) / determinant,
            slope: (a * e - b * d) / determinant,
            inverse: [c / determinant, -b / determinant, a / determinant],
        }
    }

    pub(super) fn at(&self, x: f64) -> f64 {
        self.level + self.slope * x
    }

    /// The variance of the line at `x`, in units of the unevenness.
    pub(super) fn variance(&self, x: f64) -> f64 {
        let [level, both, slope] = self.inverse;
        level + 2.0 * both * x + slope * x * x
    }
}
