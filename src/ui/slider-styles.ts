// How sliders look, as text for parts that load on demand: a thin line with a round thumb, alike in light and dark.

export const sliderCss = /* css */ `
  input[type='range'] {
    color: var(--_ink);
    appearance: none;
    background: linear-gradient(var(--_track) 0 0) center / 100% 2px no-repeat;
    cursor: pointer;
    --_track: color-mix(in oklab, currentColor 45%, transparent);
  }

  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    inline-size: 16px;
    block-size: 16px;
    border-radius: 50%;
    background: var(--_thumb, var(--_ink));
  }

  input[type='range']::-moz-range-thumb {
    inline-size: 16px;
    block-size: 16px;
    border: 0;
    border-radius: 50%;
    background: var(--_thumb, var(--_ink));
  }

  input[type='range']:disabled {
    cursor: default;
    opacity: 0.5;
  }

  @media (forced-colors: active) {
    input[type='range'] {
      appearance: auto;
    }
  }
`;
