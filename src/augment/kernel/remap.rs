//! Sampling: each pixel from a place in another picture, in fixed point as OpenCV does.
