// How charts look, as text for parts that load on demand: the line of each cell, axes, marks.

export const chartCss = /* css */ `
  :host {
    --_cell-rnn: var(--rnn-cell-rnn, light-dark(#b4531a, #f0995e));
    --_cell-lstm: var(--rnn-cell-lstm, light-dark(#1d5fa6, #6cb2f5));
    --_cell-gru: var(--rnn-cell-gru, light-dark(#0f766e, #4fc4b4));
    --_cell-feedforward: var(--_quiet);
  }

  @media (forced-colors: active) {
    :host {
      --_cell-rnn: CanvasText;
      --_cell-lstm: CanvasText;
      --_cell-gru: CanvasText;
    }
  }

  .cell-rnn {
    --_line: var(--_cell-rnn);
    --_dash: 2 4;
  }
  .cell-lstm {
    --_line: var(--_cell-lstm);
    --_dash: none;
  }
  .cell-gru {
    --_line: var(--_cell-gru);
    --_dash: 9 4;
  }
  .cell-feedforward {
    --_line: var(--_cell-feedforward);
    --_dash: 1 6;
  }

  .chart {
    direction: ltr;
  }

  .chart text {
    fill: var(--_quiet);
    font-size: 0.8125em;
  }

  .chart .line {
    fill: none;
    stroke: var(--_line);
    stroke-width: 2.25;
    stroke-dasharray: var(--_dash);
    stroke-linejoin: round;
    stroke-linecap: round;
  }

  .chart .band {
    fill: var(--_line);
    fill-opacity: 0.13;
    stroke: var(--_line);
    stroke-opacity: 0.5;
    stroke-width: 0.75;
  }

  .chart .line-name {
    fill: var(--_line);
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--_surface);
    stroke-width: 4px;
    stroke-linejoin: round;
  }

  .chart .leader {
    stroke: var(--_line);
    stroke-width: 1;
    opacity: 0.6;
  }

  .chart .axis,
  .chart .tick {
    stroke: var(--_rule);
    stroke-width: 1;
    shape-rendering: crispEdges;
  }

  .chart .axis {
    stroke: var(--_quiet);
  }

  .chart .reference {
    stroke: var(--_quiet);
    stroke-width: 1;
    stroke-dasharray: 4 3;
  }

  .chart .cursor {
    stroke: var(--_now);
    stroke-width: 1;
  }

  .chart .dot {
    fill: var(--_line);
    stroke: var(--_surface);
    stroke-width: 2;
  }

  /* a sample of a line, where its cell is named in text */
  .key {
    display: inline-block;
    inline-size: 26px;
    block-size: 8px;
    vertical-align: middle;
    overflow: visible;
  }
`;
