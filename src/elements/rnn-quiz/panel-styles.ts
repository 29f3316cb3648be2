// How the quiz looks, as text: it loads with the quiz. Rows are as high as those of the list that stood there before.

export const panelCss = /* css */ `
  fieldset {
    margin: 0;
    border: 0;
    padding: 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  /* floating, for WebKit would count the height of a legend twice */
  legend {
    float: left;
    inline-size: 100%;
    padding: 0 0 14px;
  }

  label {
    clear: both;
    display: flex;
    flex-wrap: wrap;
    gap: 0 10px;
    padding-block: 5px;
  }

  input {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
    margin: max(0px, calc((1.45em - 14px) / 2)) 0 0;
    accent-color: var(--_now);
  }

  .said {
    flex: 1 1 11em;
    min-inline-size: 0;
  }

  .mark {
    margin-inline-start: 0.9em;
    font-size: 0.875em;
    white-space: nowrap;
    unicode-bidi: isolate;
  }

  .option-right .mark {
    font-weight: 600;
  }

  .measure {
    min-inline-size: 0;
    flex: 1 1 13em;
    display: flex;
    align-items: center;
    gap: 10px;
    block-size: 1.45em;
    padding-inline-start: 26px;
  }

  .measure svg {
    flex: 1;
    min-inline-size: 0;
    border-block-end: 1px solid var(--_rule);
  }

  .measure .quiet {
    inline-size: 5em;
  }

  .fill {
    fill: var(--_memory);
  }

  line {
    stroke: var(--_quiet);
    stroke-dasharray: 2;
  }

  .act {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 18px;
  }

  .act .narration {
    min-block-size: 0;
    margin: 0;
  }

  .explanation slot {
    display: block;
  }

  :host(:dir(rtl)) .measure svg {
    transform: scaleX(-1);
  }

  @media print {
    .act {
      display: none;
    }

    /* empty circles to be filled in, or the answer */
    input {
      appearance: none;
      border: 1px solid;
      border-radius: 50%;
    }

    .answered input:checked {
      border-width: 5px;
    }
  }
`;
