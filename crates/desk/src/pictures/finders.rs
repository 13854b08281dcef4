//! Many codes in one picture, taken apart before they are read.
//!
//! The reader of codes puts corners together on its own, and among many codes it joins those of
//! different ones. Here the finder patterns (the squares in three corners of a code, ISO/IEC 18004)
//! are looked for first. Three that stand as those of one code do are read as one: module by module
//! where the code is seen straight, and otherwise cut out and handed to the reader alone.

use super::{Grey, MOST_CORNERS, MOST_SIDE};

/// Pixels of all cuttings together, in those of the picture: each code once, and as much again for
/// three corners that only look like one code's.
const MOST_CUT: usize = 3;
/// What is looked at as a pattern while a picture is gone through; most of it is none.
const MOST_LOOKED_AT: usize = 2_000;
/// Patterns within the outline of one code.
const MOST_WITHIN: usize = 6;
/// Threes that are tried.
const MOST_TRIES: usize = 2_000;
/// Modules from the middle of a finder pattern to the edge of its code, and the margin around it.
const EDGE: f64 = 3.5;
const MARGIN: f64 = 3.5;
/// Pixels of a module that the reader of codes reads well.
const FINE: f64 = 5.0;
/// Modules between two finder patterns of the smallest code and of the largest, and some more for a
/// camera held aslant.
const LEAST_LEG: f64 = 10.0;
const MOST_LEG: f64 = 220.0;

/// The middle of a finder pattern, and how wide a module is there.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    x: f64,
    y: f64,
    module: f64,
    rows: f64,
}

impl Finder {
    fn is_near(&self, other: &Self) -> bool {
        let ((x, y), reach) = (self.to(other), 2.0 * self.module.max(other.module));
        x.abs() < reach && y.abs() < reach
    }

    /// One more row went through it.
    fn join(&mut self, other: &Self) {
        let mean = |old: f64, new: f64| (old * self.rows + new) / (self.rows + 1.0);
        *self = Self {
            x: mean(self.x, other.x),
            y: mean(self.y, other.y),
            module: mean(self.module, other.module),
            rows: self.rows + 1.0,
        };
    }

    fn to(&self, other: &Self) -> (f64, f64) {
        (other.x - self.x, other.y - self.y)
    }
}

/// Three finder patterns that stand as those of one code: the one between the two others first.
struct Three {
    at: [usize; 3],
    leg: f64,
}

impl Grey {
    /// The finder patterns of a picture.
    pub(super) fn finders(&self) -> Vec<Finder> {
        let mut found: Vec<Finder> = Vec::new();
        let mut limits = Vec::new();
        for (y, row) in self.pixels.chunks_exact(self.width.max(1)).enumerate() {
            limits_of(row, &mut limits);
            let mut runs = [0_usize; 5];
            let mut dark = false;
            // Light behind the end, so that a run that reaches it ends.
            let pixels = row.iter().zip(&limits).chain([(&u8::MAX, &0)]);
            for (x, (pixel, limit)) in pixels.enumerate() {
                if (pixel < limit) == dark {
                    runs[4] += 1;
                    continue;
                }
                if dark && is_finder(runs) {
                    let across: usize = runs.iter().sum();
                    let middle = x.saturating_sub(across - across / 2);
                    let limit = limits.get(middle).copied().unwrap_or_default();
                    if let Some(one) = self.finder_at(middle, y, limit, across) {
                        let known = found.iter_mut().rev().find(|known| known.is_near(&one));
                        if let Some(known) = known {
                            known.join(&one);
                        } else if found.len() < MOST_LOOKED_AT {
                            found.push(one);
                        }
                    }
                }
                dark = !dark;
                runs.rotate_left(1);
                runs[4] = 1;
            }
        }
        // What a code says is seldom so for as long as the middle of a pattern is.
        found.retain(|one| 3.0 * one.rows >= one.module);
        found
    }

    /// The finder pattern with this in its middle. Whichever way one goes through its middle, dark and
    /// light are as 1 : 1 : 3 : 1 : 1, however the code is turned.
    fn finder_at(&self, x: usize, y: usize, limit: u8, across: usize) -> Option<Finder> {
        let (up, down) = self.crossed((x, y), (0, 1), limit, across)?;
        let middle = (y + down).checked_sub(up)?.midpoint(y);
        for diagonal in [(1, 1), (1, -1)] {
            self.crossed((x, middle), diagonal, limit, across)?;
        }
        Some(Finder {
            x: x as f64,
            y: y as f64 + (down as f64 - up as f64) / 2.0,
            module: (across + up + down) as f64 / 14.0,
            rows: 1.0,
        })
    }

    /// How far a finder pattern reaches from its middle, one way and the other, if it is one.
    fn crossed(
        &self,
        from: (usize, usize),
        step: (isize, isize),
        limit: u8,
        across: usize,
    ) -> Option<(usize, usize)> {
        let is_dark = |(x, y): (usize, usize)| {
            let at = y.checked_mul(self.width)?.checked_add(x)?;
            (x < self.width).then(|| self.pixels.get(at).map(|pixel| *pixel < limit))?
        };
        // Dark, light, dark from the middle outwards; nothing is followed further than it can reach.
        let outwards = |(dx, dy): (isize, isize)| {
            let mut runs = [0_usize; 3];
            let mut at = Some(from);
            for (run, dark) in runs.iter_mut().zip([true, false, true]) {
                while *run <= across && at.and_then(is_dark) == Some(dark) {
                    *run += 1;
                    at = at.and_then(|(x, y)| {
                        Some((x.checked_add_signed(dx)?, y.checked_add_signed(dy)?))
                    });
                }
            }
            runs
        };
        let [a, b, c] = outwards((-step.0, -step.1));
        let [d, e, f] = outwards(step);
        let runs = [c, b, (a + d).saturating_sub(1), e, f];
        let length: usize = runs.iter().sum();
        // A diagonal through pixels counts fewer of them the straighter the code stands, and more the
        // more it is turned.
        let alike = length <= 2 * across && across <= 2 * length;
        (alike && is_finder(runs)).then_some((a + b + c, d + e + f))
    }

    /// The text of each code that three of the patterns belong to.
    pub(super) fn apart(&self, finders: &[Finder]) -> Vec<String> {
        let mut texts = Vec::new();
        let mut used = vec![false; finders.len()];
        let mut tries = 0_usize;
        let mut left = MOST_CUT.saturating_mul(self.pixels.len());
        for Three { at, .. } in threes(finders) {
            let taken = |n: &usize| used.get(*n).copied().unwrap_or(true);
            if at.iter().any(taken) {
                continue;
            }
            let [Some(corner), Some(one), Some(other)] = at.map(|n| finders.get(n)) else {
                continue;
            };
            let outline = Outline::of(corner, one, other);
            // A code has three; a few more are seen in what it says, many are those of other codes.
            if finders.iter().filter(|f| outline.holds(f.x, f.y)).count() > MOST_WITHIN {
                continue;
            }
            tries += 1;
            if tries > MOST_TRIES {
                break;
            }
            // Held straight, a code is read module by module; held aslant, its sides run together.
            let mut read: Vec<String> = self.straight(&outline).into_iter().collect();
            if read.is_empty() {
                let cutting = self.upright(&outline);
                let Some(rest) = left.checked_sub(cutting.pixels.len()) else {
                    break;
                };
                left = rest;
                // Its reader tries all threes of what it takes for corners.
                if cutting.corners() <= MOST_CORNERS {
                    read = cutting.read();
                }
            }
            if !read.is_empty() {
                for n in at {
                    if let Some(used) = used.get_mut(n) {
                        *used = true;
                    }
                }
            }
            texts.extend(read);
        }
        texts
    }

    /// The text of a code whose sides run alongside each other.
    fn straight(&self, outline: &Outline) -> Option<String> {
        let ((ux, uy), (vx, vy)) = (outline.u, outline.v);
        let leg = ux.hypot(uy).midpoint(vx.hypot(vy)) / outline.module;
        // 21 modules a side, or four more, and so on; seven fewer between the middles of two patterns.
        let near = whole(((leg - 14.0) / 4.0).round()).min(39);
        let sizes = [near, near + 1, near.saturating_sub(1)].map(|n| 21 + 4 * n.min(39));
        sizes.into_iter().find_map(|size| {
            let share = |n: usize| (n as f64 - 3.0) / (size as f64 - 7.0);
            let pixels: Vec<u8> = (0..size * size)
                .map(|at| {
                    let (u, v) = (share(at % size), share(at / size));
                    let (x, y) = outline.origin;
                    self.between(x + u * ux + v * vx, y + u * uy + v * vy)
                })
                .collect();
            let sum: usize = pixels.iter().map(|pixel| usize::from(*pixel)).sum();
            let mean = sum / pixels.len().max(1);
            let is_dark = |x: usize, y: usize| {
                let pixel = pixels.get(y.saturating_mul(size).saturating_add(x));
                pixel.is_some_and(|pixel| usize::from(*pixel) < mean)
            };
            let grid = rqrr::Grid::new(rqrr::SimpleGrid::from_func(size, is_dark));
            grid.decode().ok().map(|(_, text)| text)
        })
    }

    /// What is within an outline, turned upright.
    fn upright(&self, outline: &Outline) -> Self {
        let scale = (FINE / outline.module).clamp(1.0, FINE);
        let ((ux, uy), (vx, vy), (b, c)) = (outline.u, outline.v, outline.beyond);
        let side = |x: f64, y: f64, beyond: f64| {
            let pixels = x.hypot(y) * (1.0 + 2.0 * beyond) * scale;
            whole(pixels).clamp(1, MOST_SIDE)
        };
        let (width, height) = (side(ux, uy, b), side(vx, vy, c));
        let share = |n: usize, of: usize, beyond: f64| {
            (n as f64 + 0.5) / of as f64 * (1.0 + 2.0 * beyond) - beyond
        };
        let mut pixels = Vec::with_capacity(width.saturating_mul(height));
        for row in 0..height {
            let v = share(row, height, c);
            for column in 0..width {
                let u = share(column, width, b);
                let (x, y) = outline.origin;
                pixels.push(self.between(x + u * ux + v * vx, y + u * uy + v * vy));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The mean of the four pixels around a place, each by how near it is.
    fn between(&self, x: f64, y: f64) -> u8 {
        let pixel = |x: f64, y: f64| {
            let known = x >= 0.0 && y >= 0.0 && whole(x) < self.width;
            let at = whole(y).saturating_mul(self.width).saturating_add(whole(x));
            let pixel = self.pixels.get(at).filter(|_| known);
            f64::from(pixel.copied().unwrap_or(u8::MAX))
        };
        let (left, top) = (x.floor(), y.floor());
        let (right, low) = (x - left, y - top);
        let above = pixel(left, top) * (1.0 - right) + pixel(left + 1.0, top) * right;
        let below = pixel(left, top + 1.0) * (1.0 - right) + pixel(left + 1.0, top + 1.0) * right;
        let mean = above * (1.0 - low) + below * low;
        u8::try_from(whole(mean.round())).unwrap_or(u8::MAX)
    }
}

/// Where a code lies with its margin: from the finder pattern between the two others, along its two
/// sides.
struct Outline {
    origin: (f64, f64),
    u: (f64, f64),
    v: (f64, f64),
    module: f64,
    /// How far it goes beyond the patterns, in shares of the sides.
    beyond: (f64, f64),
}

impl Outline {
    fn of(corner: &Finder, one: &Finder, other: &Finder) -> Self {
        let (a, b) = (corner.to(one), corner.to(other));
        // No code is seen from behind.
        let (u, v) = if a.0 * b.1 < a.1 * b.0 {
            (b, a)
        } else {
            (a, b)
        };
        let module = (corner.module + one.module + other.module) / 3.0;
        let beyond = |side: (f64, f64)| module * (EDGE + MARGIN) / side.0.hypot(side.1).max(1.0);
        Self {
            origin: (corner.x, corner.y),
            u,
            v,
            module,
            beyond: (beyond(u), beyond(v)),
        }
    }

    fn holds(&self, x: f64, y: f64) -> bool {
        let (dx, dy) = (x - self.origin.0, y - self.origin.1);
        let ((ux, uy), (vx, vy)) = (self.u, self.v);
        // Two sides of a code stand across each other, so that this is never nothing.
        let area = ux * vy - uy * vx;
        let along_u = (dx * vy - dy * vx) / area;
        let along_v = (ux * dy - uy * dx) / area;
        let within = |along: f64, beyond: f64| along >= -beyond && along <= 1.0 + beyond;
        within(along_u, self.beyond.0) && within(along_v, self.beyond.1)
    }
}

/// Whether runs of dark and light are as 1 : 1 : 3 : 1 : 1, within half a module and a pixel.
fn is_finder(runs: [usize; 5]) -> bool {
    let across: usize = runs.iter().sum();
    let near =
        |run: usize, modules: usize| (14 * run).abs_diff(2 * modules * across) <= across + 14;
    let [a, b, c, d, e] = runs;
    across >= 7 && near(a, 1) && near(b, 1) && near(c, 3) && near(d, 1) && near(e, 1)
}

/// Below which a pixel of a row counts as dark: a little less than what is around it on both sides,
/// so that a shadow over half of a sheet is none.
fn limits_of(row: &[u8], limits: &mut Vec<u8>) {
    let reach = (row.len() / 8).max(1);
    let sum: usize = row.iter().map(|pixel| usize::from(*pixel)).sum();
    let mean = sum / row.len().max(1) * reach;
    let follow = |mean: &mut usize, pixel: &u8| {
        *mean = *mean - *mean / reach + usize::from(*pixel);
        *mean / reach
    };
    let mut from_left = mean;
    limits.clear();
    limits.extend(
        row.iter()
            .map(|pixel| u8::try_from(follow(&mut from_left, pixel)).unwrap_or(u8::MAX)),
    );
    let mut from_right = mean;
    for (limit, pixel) in limits.iter_mut().zip(row).rev() {
        let both = usize::from(*limit) + follow(&mut from_right, pixel);
        *limit = u8::try_from(both * 95 / 200).unwrap_or(u8::MAX);
    }
}

/// Every three that could be one code's, those nearest to each other first.
fn threes(finders: &[Finder]) -> Vec<Three> {
    let mut found = Vec::new();
    for (n, corner) in finders.iter().enumerate() {
        for (a, one) in finders.iter().enumerate() {
            for (b, other) in finders.iter().enumerate().skip(a + 1) {
                if a == n || b == n {
                    continue;
                }
                let modules = [corner.module, one.module, other.module];
                let (least, most) = modules
                    .iter()
                    .fold((f64::MAX, 0.0_f64), |(a, b), c| (a.min(*c), b.max(*c)));
                let ((ux, uy), (vx, vy)) = (corner.to(one), corner.to(other));
                let (u, v) = (ux.hypot(uy), vx.hypot(vy));
                let leg = u.midpoint(v);
                let fits = most < 1.5 * least
                    && u.max(v) < 1.3 * u.min(v)
                    && (ux * vx + uy * vy).abs() < 0.25 * u * v
                    && leg > LEAST_LEG * least
                    && leg < MOST_LEG * most;
                if fits {
                    found.push(Three { at: [n, a, b], leg });
                }
            }
        }
    }
    found.sort_by(|a, b| a.leg.total_cmp(&b.leg));
    found
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is below nothing becomes nothing, and the caller bounds it from above"
)]
fn whole(number: f64) -> usize {
    number.max(0.0) as usize
}
