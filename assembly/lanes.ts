// Four lanes at a time, with a last group that may be shorter.

/**
 * Stores the first `left` lanes. Loads need no such care: every array is followed by at least 16 readable bytes, and
 * what is computed from them in the lanes beyond is never stored.
 */
@inline
export function storeLanes(p: usize, value: v128, left: i32): void {
  if (left >= 4) {
    v128.store(p, value);
    return;
  }
  v128.store32_lane(p, value, 0);
  if (left > 1) v128.store32_lane(p, value, 1, 4);
  if (left > 2) v128.store32_lane(p, value, 2, 8);
}

@inline
export function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 2) +
    (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3))
  );
}
