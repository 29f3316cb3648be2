// AssemblyScript: the matrix product in WebAssembly SIMD, float32. Compiled to a module of its own, used by long training.

/**
 * C[m × n] = A · B. A is packed as `[m / 4][k][4]`, B as `[n / 8][k][8]`, C is row-major `[m × n]`;
 * m is a multiple of 4 and n of 8 (padded by the caller). A tile of 4 × 8 keeps eight running sums in registers.
 */
export function product(m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  const strip: usize = (<usize>k) << 4;
  const panel: usize = (<usize>k) << 5;
  const rowBytes: usize = (<usize>n) << 2;
  for (let j = 0; j < n; j += 8) {
    const bPanel = b + <usize>(j >> 3) * panel;
    for (let i = 0; i < m; i += 4) {
      let p = a + <usize>(i >> 2) * strip;
      let q = bPanel;
      const end = q + panel;
      let c00 = f32x4.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      while (q < end) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        const a0 = v128.load_splat<f32>(p);
        const a1 = v128.load_splat<f32>(p, 4);
        c00 = f32x4.add(c00, f32x4.mul(a0, b0));
        c01 = f32x4.add(c01, f32x4.mul(a0, b1));
        c10 = f32x4.add(c10, f32x4.mul(a1, b0));
        c11 = f32x4.add(c11, f32x4.mul(a1, b1));
        const a2 = v128.load_splat<f32>(p, 8);
        const a3 = v128.load_splat<f32>(p, 12);
        c20 = f32x4.add(c20, f32x4.mul(a2, b0));
        c21 = f32x4.add(c21, f32x4.mul(a2, b1));
        c30 = f32x4.add(c30, f32x4.mul(a3, b0));
        c31 = f32x4.add(c31, f32x4.mul(a3, b1));
        p += 16;
        q += 32;
      }
      const out = c + <usize>i * rowBytes + ((<usize>j) << 2);
      v128.store(out, c00);
      v128.store(out, c01, 16);
      v128.store(out + rowBytes, c10);
      v128.store(out + rowBytes, c11, 16);
      v128.store(out + 2 * rowBytes, c20);
      v128.store(out + 2 * rowBytes, c21, 16);
      v128.store(out + 3 * rowBytes, c30);
      v128.store(out + 3 * rowBytes, c31, 16);
    }
  }
}
