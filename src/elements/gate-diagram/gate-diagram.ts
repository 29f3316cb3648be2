// <gate-diagram>: the class. Follows a visualizer or stands alone; chooses nodes and units; holds gates.

import {
  html,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import {
  cellTypes,
  takeApart,
  type CellType,
  type GateName,
  type HeldGate,
  type Intervention,
  type StepPart,
} from '../../engine/index.js';
import {
  RnnCellChangeEvent,
  RnnGateHoldEvent,
  RnnUnitSelectEvent,
  type StepDetail,
} from '../../events.js';
import { cellGraph, type CellNode } from '../../model/cell-graph.js';
import { describeInterventions, describeModel, isolate, narrate } from '../../model/describe.js';
import { englishDiagram } from '../../model/diagram-strings.js';
import { nodeName, symbolOf, type StepWeights } from '../../model/step-text.js';
import { heldAt, type Reading } from '../../model/reading.js';
import { covers } from '../../model/session.js';
import { backButton, cellButtons, nextButton } from '../../ui/buttons.js';
import { classes } from '../../ui/classes.js';
import { FollowingElement } from '../../ui/following-element.js';
import { placeOf } from '../../ui/keys.js';
import { reducedMotion } from '../../ui/motion.js';
import { problemText } from '../../ui/problems.js';
import { sentenceStyles } from '../../ui/sentence.js';
import { figureStyles } from '../../ui/figure-styles.js';
import { tokens as designTokens, valueScale } from '../../ui/tokens.js';
import { swatch } from '../../ui/unit-grid.js';
import { unscripted } from '../../ui/unscripted.js';
import { drawing, unnamed } from './drawing.js';
import { doing, explanation } from './explanation.js';
import { flow, stopFlow } from './flow.js';
import { layoutOf } from './layout.js';
import { styles } from './styles.js';
import { gates, holdable, hueOf, isComputed, type DiagramView } from './view.js';
import { consequences, whatIf, type WhatIf } from './what-if.js';
import { vectorTable } from './table.js';
import { drivenSentence } from './words.js';

const controlNames = ['cells', 'words', 'back', 'next', 'slow', 'hold', 'table'] as const;
type ControlName = (typeof controlNames)[number];

/** From this width on, in pixels at a text size of 16 px, the texts stand beside the drawing. */
const besideFrom = 960;
const besideWidth = 320;

/**
 * Opens one step of a recurrent network: the data flow inside the cell with the real vector of every node, and gates
 * that can be held open or shut to see what happens.
 *
 * It follows a `<rnn-visualizer>` on the same page (`for`), or stands alone with a text of its own.
 *
 * @tag gate-diagram
 *
 * @fires {RnnCellChangeEvent} rnn-cell-change - The reader chose to see another cell.
 * @fires {RnnGateHoldEvent} rnn-gate-hold - The reader held a gate, or skipped a word.
 * @fires {RnnUnitSelectEvent} rnn-unit-select - The reader picked a unit.
 *
 * @csspart base - The whole figure.
 * @csspart cells - The group of cell buttons.
 * @csspart cell-button - One of them.
 * @csspart narration - The sentence that tells what the chosen node does.
 * @csspart problem - A message about what could not be done.
 * @csspart intervention - What is held or skipped.
 * @csspart release - A button that undoes one or all of it.
 * @csspart words - The sentence.
 * @csspart word - A word of the sentence.
 * @csspart word-past - A word that has been read.
 * @csspart word-now - The word of this step.
 * @csspart word-future - A word that waits.
 * @csspart drawing - The drawing.
 * @csspart node - A node of the drawing.
 * @csspart node-chosen - The chosen one.
 * @csspart explanation - What stands beside the drawing about the chosen node.
 * @csspart equation - Its equation.
 * @csspart unit - The unit slider.
 * @csspart arithmetic - One unit in numbers.
 * @csspart what-if - What can be held and skipped.
 * @csspart hold - The controls of the chosen gate.
 * @csspart hold-value - A button with a value to hold it at.
 * @csspart hold-slider - The slider with the values between.
 * @csspart skip - The button that skips the word.
 * @csspart consequences - What the interventions change.
 * @csspart disclosure - The disclosure below the controls.
 * @csspart disclosure-table - The same by another name.
 * @csspart table - The table of all vectors.
 * @csspart transport - The bar with the stepping controls.
 * @csspart back - The Back button.
 * @csspart next - The Next word button.
 * @csspart slow - The Slow motion button.
 * @csspart model - Which weights are running, where it stands alone.
 *
 * @cssprop --rnn-surface - Background of parts that cover others (default: the page's Canvas).
 * @cssprop --rnn-ink - Text.
 * @cssprop --rnn-quiet - Labels.
 * @cssprop --rnn-faint - Words not read yet.
 * @cssprop --rnn-rule - Hairlines.
 * @cssprop --rnn-now - Accent of this step and of interventions.
 * @cssprop --rnn-negative - Unit values near −1.
 * @cssprop --rnn-neutral - Unit values near 0.
 * @cssprop --rnn-positive - Unit values near +1.
 * @cssprop --rnn-gate-forget - The forget gate and the cell state.
 * @cssprop --rnn-gate-input - The input gate.
 * @cssprop --rnn-gate-output - The output gate.
 * @cssprop --rnn-gate-update - The update gate.
 * @cssprop --rnn-gate-reset - The reset gate.
 * @cssprop --rnn-button - Background of the Next word button.
 * @cssprop --rnn-button-text - Text of the Next word button.
 * @cssprop --rnn-focus - Focus rings.
 */
export class GateDiagram extends FollowingElement<ControlName> {
  static override styles = [
    designTokens,
    valueScale,
    figureStyles,
    sentenceStyles,
    styles,
    unscripted,
  ];
  static override properties: PropertyDeclarations = {
    unit: { type: Number },
    controls: {},
    node: { state: true },
    preferred: { state: true },
    slow: { state: true },
    reached: { state: true },
    onward: { state: true },
    tableOpen: { state: true },
  };

  /**
   * The cell that is shown; where it follows an element that runs others, one of those.
   * @type {'lstm' | 'gru' | 'rnn' | 'feedforward'}
   */
  override cell = 'lstm';

  /** @internal */
  readonly defaultCell = 'lstm';

  /**
   * Which controls are there, separated by spaces: cells words back next slow hold table; or `all`, or `none`.
   * @type {'all' | 'none' | string}
   */
  controls = 'all';

  private node: StepPart | null = null;
  /** Of several cells that the followed element runs, the one that the reader wants to see. */
  private preferred: CellType | null = null;
  private slow = false;
  /** How many nodes are drawn as computed, in slow motion. */
  private reached = Infinity;
  private onward = true;
  private wantedUnit: number | null = null;
  private readonly words = englishDiagram;
  private drawnStep = 0;
  /** Whether the next step is one of a walk in slow motion. */
  private walking = false;
  private drawnCell: CellType | null = null;
  private tableOpen = false;
  /** Holds and skips that wait for a text. */
  private readonly wanted: Intervention[] = [];

  protected override get controlNames(): readonly ControlName[] {
    return controlNames;
  }

  /**
   * Index of the unit (from 0) that is marked everywhere and spelt out in numbers.
   * @type {number}
   * @default 0
   */
  get unit(): number {
    return this.wantedUnit ?? this.pickedUnit(this.shown());
  }
  set unit(value: number) {
    this.wantedUnit = value;
  }

  /**
   * Holds a gate from now on; replaces a hold of the same gate that begins at the same step. Fires no event.
   * @param value 0 to 1, for all units.
   * @param from the first step, from 0; default the present one.
   * @param to the step after the last; default Infinity, to the end.
   * @throws RangeError for values that make no sense.
   */
  hold(gate: HeldGate, value: number, from: number = this.now(), to: number = Infinity): void {
    if (!gates.includes(gate) || typeof value !== 'number') {
      throw new RangeError(`there is no gate ${gate} to be held at ${value}`);
    }
    this.intervene({ kind: 'hold', gate, value, from, to });
  }

  /**
   * Lets the state pass by a word. Fires no event.
   * @param word index of the word, from 0; default the present one.
   * @throws RangeError if it is no whole number from 0 on.
   */
  skip(word: number = this.now()): void {
    this.intervene({ kind: 'skip', from: word, to: word + 1 });
  }

  /** Adds one in place of the same that begins at the same step. */
  private intervene(added: Intervention): void {
    const name = (each: Intervention): string =>
      `${each.from} ${each.kind === 'hold' ? each.gate : each.kind}`;
    const { session } = this;
    const others = session.state.interventions.filter((each) => name(each) !== name(added));
    session.intervene([...others, added]);
    // before there is a text there is nothing to do it to
    if (session.state.tokens.length === 0) this.wanted.push(added);
  }

  /** Index of the word of this step; the first one before it. */
  private now(): number {
    return Math.max(0, this.snapshot.step - 1);
  }

  /** Undoes all holds and skips. Fires no event. */
  release(): void {
    this.session.intervene([]);
  }

  // ---- following another element ----------------------------------------------------------------------------------

  protected override moved({ trigger }: StepDetail): void {
    this.walking = trigger === 'user';
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('cell')) this.preferred = null;
    super.willUpdate(changed);
    this.catchUp();
    this.slowDown();
    this.guard(() => this.applyUnit());
  }

  /** In slow motion, a new step begins with what it is given. */
  private slowDown(): void {
    const { step } = this.snapshot;
    const other = this.shown() !== this.drawnCell;
    if (!this.slow || (step === this.drawnStep && !other)) return;
    const nodes = this.nodes();
    // a step that no reader asked for, and one gone back to, is shown as it is
    const anew = (this.walking && step > this.drawnStep) || (other && step > 0);
    this.walking = false;
    this.walkTo(anew ? given(nodes) : nodes.length);
  }

  /** Shows so many nodes of the step as computed, and chooses the last of them. */
  private walkTo(reached: number): void {
    this.reached = reached;
    this.node = this.nodes()[reached - 1].id;
  }

  /** Does what waited for a text. */
  private catchUp(): void {
    if (this.snapshot.tokens.length === 0) return;
    this.guard(() => {
      for (const each of this.wanted.splice(0)) this.intervene(each);
    });
  }

  /** Marks the unit that the author chose, once there are units. */
  private applyUnit(): void {
    const reading = this.reading();
    if (!reading || this.wantedUnit === null) return;
    const last = reading.model.cell.hiddenSize - 1;
    const unit = Math.max(0, Math.min(Math.trunc(this.wantedUnit) || 0, last));
    this.wantedUnit = null;
    this.session.pick({ cell: reading.model.cell.cell, unit });
  }

  // ---- what is shown ----------------------------------------------------------------------------------------------

  /** The cell that is shown; while nothing runs yet, the one that was asked for. */
  private shown(): CellType {
    const { cells: running, readings } = this.snapshot;
    const [asked] = this.options.cells;
    const wanted = [this.preferred, asked].find((cell) => cell && running.includes(cell));
    const gated = [...readings.values()].find(
      (reading) => holdable(reading.model.cell.cell).length > 0,
    );
    return wanted ?? gated?.model.cell.cell ?? running[0] ?? asked;
  }

  /** What reads in the cell that is shown; undefined while its weights load. */
  private reading(): Reading | undefined {
    const reading = this.snapshot.readings.get(this.shown());
    return reading && reading.length >= this.snapshot.step ? reading : undefined;
  }

  private nodes(): readonly CellNode[] {
    return cellGraph(this.reading()?.model.cell ?? { cell: this.shown() });
  }

  private chosen(): StepPart {
    return this.nodes().find(({ id }) => id === this.node)?.id ?? defaultNode[this.shown()];
  }

  private view(reading: Reading | undefined): DiagramView {
    const { step, tokens } = this.snapshot;
    const cell = this.shown();
    const weights: StepWeights = reading?.model.cell ?? { cell, inputSize: 0, hiddenSize: 0 };
    const { value: width, em } = this.width;
    const t = step - 1;
    return {
      cell,
      weights,
      nodes: this.nodes(),
      anatomy: reading && step > 0 ? takeApart(reading.model.cell, reading.unrolled, t) : null,
      layout: layoutOf(cell, (this.beside() ? width / em - besideWidth : width / em) - 1),
      chosen: this.chosen(),
      unit: this.pickedUnit(cell),
      reached: this.slow ? this.reached : Infinity,
      word: isolate(tokens[Math.max(0, t)]?.text ?? ''),
      strings: this.words,
      numbers: this.numbers,
      held: (id) => (reading && t >= 0 ? heldAt(reading, id as GateName, t) : undefined),
      choose: (id) => {
        this.node = id;
      },
      pick: (unit) => {
        this.pick(cell, unit);
      },
    };
  }

  /** Units of one cell have nothing to do with those of another, and another network may have fewer. */
  private pickedUnit(cell: CellType): number {
    const { picked, readings } = this.snapshot;
    const units = readings.get(cell)?.model.cell.hiddenSize ?? 1;
    return picked?.cell === cell ? Math.min(picked.unit, units - 1) : 0;
  }

  private beside(): boolean {
    return this.width.value >= besideFrom * this.width.em;
  }

  // ---- what the reader does ---------------------------------------------------------------------------------------

  private readonly forward = (): void => {
    const { step, tokens } = this.snapshot;
    if (this.slow && step > 0 && this.reached < this.nodes().length) {
      this.walkTo(this.reached + 1);
    } else if (step < tokens.length) {
      this.walking = this.slow;
      this.seekHere(step + 1);
    }
  };

  private readonly backward = (): void => {
    const { step } = this.snapshot;
    const nodes = this.nodes();
    const reached = Math.min(this.reached, nodes.length);
    if (this.slow && reached > given(nodes)) this.walkTo(reached - 1);
    else if (step > 0) this.seekHere(step - 1);
  };

  private pick(cell: CellType, unit: number): void {
    const { picked } = this.snapshot;
    if (picked?.cell === cell && picked.unit === unit) return;
    this.session.pick({ cell, unit });
    this.dispatchEvent(new RnnUnitSelectEvent({ cell, unit }));
  }

  private showCell(cell: CellType): void {
    // (while weights load, another one is shown than was asked for)
    if (cell === (this.standsAlone ? this.cell : this.shown())) return;
    if (this.standsAlone) {
      this.byReader = true;
      this.cell = cell;
    } else this.preferred = cell;
    this.dispatchEvent(new RnnCellChangeEvent({ cells: [cell] }));
  }

  private userIntervention(intervention: Intervention): void {
    this.guard(() => {
      this.intervene(intervention);
      const { tokens, interventions } = this.session.state;
      const word = tokens[intervention.from].text;
      this.dispatchEvent(new RnnGateHoldEvent({ intervention, word, interventions }));
    });
  }

  private whatIf(reading: Reading, chosen: StepPart): WhatIf {
    const { interventions, step } = this.snapshot;
    const t = step - 1;
    const gate = holdable(reading.model.cell.cell).find((each) => each === chosen) ?? null;
    /** Those that hold the chosen gate at this step; the last one counts. */
    const holding = (each: Intervention): boolean =>
      each.kind === 'hold' && each.gate === gate && covers(each, t);
    const now = interventions.filter(holding).at(-1);
    const onward = now ? now.to === Infinity : this.onward;
    const at = (value: number, lasting: boolean): Intervention | null =>
      gate && { kind: 'hold', gate, value, from: t, to: lasting ? Infinity : t + 1 };
    return {
      state: this.snapshot,
      reading,
      gate,
      onward,
      since: now?.from ?? t,
      labels: this.strings,
      strings: this.words,
      numbers: this.numbers,
      hold: (value, dragged) => {
        if (value === null) {
          this.undo(holding);
          return;
        }
        const held = at(value, onward);
        if (held && dragged) this.guard(() => this.intervene(held));
        else if (held) this.userIntervention(held);
      },
      setOnward: (lasting) => {
        this.onward = lasting;
        if (now) this.userIntervention({ ...now, to: lasting ? Infinity : t + 1 });
      },
      skip: (skipped) => {
        if (skipped) this.userIntervention({ kind: 'skip', from: t, to: t + 1 });
        else this.undo((each) => each.kind === 'skip' && covers(each, t));
      },
    };
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!(event.target as Element).matches('.node')) {
      this.sentenceKey(event);
      return;
    }
    const nodes = this.nodes();
    const at = nodes.findIndex(({ id }) => id === this.chosen());
    const to = placeOf(event, at, nodes.length - 1, false, true);
    if (to === null) return;
    this.node = nodes[Math.max(0, Math.min(to, nodes.length - 1))].id;
    void this.focusOn('.node[tabindex="0"]');
  };

  // ---- drawing ----------------------------------------------------------------------------------------------------

  protected override draw(): TemplateResult {
    const { snapshot, strings, words, numbers, options } = this;
    const { step, tokens, kind, loading } = snapshot;
    const reading = this.reading();
    const view = this.view(reading);
    const { layout, cell } = view;
    const acts = reading && step > 0 ? this.whatIf(reading, view.chosen) : null;
    const driving = drivingGate(view.chosen, cell);
    const { em } = this.width;
    return html`<div
      class=${classes({ base: true, narrow: !layout.wide, beside: this.beside() })}
      part="base"
      role="group"
      aria-label=${words.label(strings.cellName[cell])}
      @keydown=${this.onKey}
      @focusin=${this.hear}
      @focusout=${this.hear}
    >
      ${this.cellSwitch(cell)}
      <div class="narration" part="narration" role="status" aria-live=${this.voice}>
        ${this.narration(view, acts)} ${problemText(this.problems().map(({ message }) => message))}
      </div>
      ${this.badge()}
      ${
        options.controls.has('words') && tokens.length > 0
          ? drivenSentence({
              ...this.sentenceView(reading),
              gate: driving,
              computed: isComputed(view, driving),
              strings: words,
            })
          : nothing
      }
      <div class="body">
        <div class="stage">
          <svg
            class="drawing"
            part="drawing"
            role="group"
            aria-label=${words.drawing(strings.cellName[cell], view.word)}
            viewBox=${`0 0 ${layout.width} ${layout.height}`}
            width=${layout.width * em}
            height=${layout.height * em}
          >
            ${drawing(view)}
          </svg>
          ${this.legend(view)}
        </div>
        <div class="texts">
          ${explanation(view)}
          <div class="acts">
            ${acts && options.controls.has('hold') ? whatIf(acts) : nothing}
            ${acts && view.reached >= view.nodes.length ? consequences(acts) : nothing}
          </div>
        </div>
      </div>
      ${this.transport(view)}
      ${
        options.controls.has('table')
          ? vectorTable(view, this.tableOpen, (open) => {
              this.tableOpen = open;
            })
          : nothing
      }
      ${
        this.standsAlone && (kind || loading)
          ? html`<p class="label" part="model">
              ${describeModel(snapshot, options.model, options, strings, numbers)}
            </p>`
          : nothing
      }
    </div>`;
  }

  /** What the chosen node does; what is held; before the first word, how to begin. */
  private narration(view: DiagramView, acts: WhatIf | null): unknown {
    const { strings, words, snapshot, numbers } = this;
    const { step, tokens } = snapshot;
    if (tokens.length === 0 && !this.standsAlone) return '';
    if (!acts)
      return narrate(snapshot, strings, numbers, step === 0 && this.options.controls.has('next'));
    const active = describeInterventions(snapshot, strings, numbers).map(({ text }) => text);
    return html`${words.at(view.word)} ${doing(view)}
      <span class="hidden"
        >${active.length > 0 ? `${strings.intervention.title}: ${active.join(', ')}.` : ''}</span
      >`;
  }

  /** What the colours and numbers mean, and the names for which there was no room in the drawing. */
  private legend(view: DiagramView): TemplateResult {
    const { strings, words } = this;
    const gate = drivingGate(view.chosen, view.cell);
    return html`<p class="legend">
      ${unnamed(view).map(
        (id) =>
          html`<span class=${hueOf(id)}
            ><i class="letter">${symbolOf(id, view.weights)[0].text}</i
            >${nodeName(id, view.cell, words)}</span
          >`,
      )}
      <span>${swatch('v', [-6, -4, -2, 0, 2, 4, 6])}${strings.legend.unboundedUnits}</span>
      ${
        gate
          ? html`<span class=${hueOf(gate)}
              >${swatch('open', [1, 2, 3, 4, 5, 6])}${words.gateUnits}</span
            >`
          : nothing
      }
      <span>${words.legend}</span>
    </p>`;
  }

  private cellSwitch(shown: CellType): TemplateResult | typeof nothing {
    const { snapshot, strings, options } = this;
    const choices = this.standsAlone ? cellTypes : snapshot.cells;
    if (!options.controls.has('cells') || choices.length < 2 || snapshot.kind === 'file')
      return nothing;
    return cellButtons(
      choices.map((cell) => ({
        name: strings.cellName[cell],
        chosen: cell === shown,
        choose: () => {
          this.showCell(cell);
        },
      })),
      strings,
    );
  }

  private transport({ nodes, cell }: DiagramView): TemplateResult | typeof nothing {
    const { strings, words, options, snapshot } = this;
    const { step } = snapshot;
    const { controls } = options;
    const [back, next, slow] = (['back', 'next', 'slow'] as const).map((name) =>
      controls.has(name),
    );
    if (!back && !next && !slow) return nothing;
    const ahead = this.slow && step > 0 ? nodes[this.reached] : undefined;
    const stepping = { state: snapshot, strings, rtl: this.rtl };
    return html`<div class="transport" part="transport">
      <div class="stepping">
        ${back ? backButton(stepping, this.backward) : nothing}
        ${
          next
            ? nextButton(
                stepping,
                this.forward,
                ahead && words.nextNode(nodeName(ahead.id, cell, words)),
              )
            : nothing
        }
        ${
          slow
            ? html`<button
                type="button"
                part="slow"
                aria-pressed=${this.slow}
                @click=${() => {
                  this.slow = !this.slow;
                  this.reached = Infinity;
                  if (this.slow && step > 0) this.walkTo(given(nodes));
                }}
              >
                ${words.slow}
              </button>`
            : nothing
        }
      </div>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { step } = this.snapshot;
    const before = this.drawnStep;
    this.drawnStep = step;
    this.drawnCell = this.shown();
    const drawn = this.renderRoot.querySelector('.drawing');
    if (!drawn || step === before) return;
    if (step > before && !this.slow && !reducedMotion()) flow(drawn);
    else stopFlow(drawn);
  }
}

const defaultNode: Readonly<Record<CellType, StepPart>> = {
  feedforward: 'h',
  rnn: 'h',
  lstm: 'forget',
  gru: 'update',
};

/** How many nodes the step is given. */
const given = (nodes: readonly CellNode[]): number =>
  nodes.filter(({ operation }) => operation === null).length;

/** The gate whose means stand under the words: the chosen one, or the one that keeps the state. */
function drivingGate(chosen: StepPart, cell: CellType): HeldGate | null {
  const gates = holdable(cell);
  return (
    gates.find((gate) => gate === chosen) ??
    gates.find((gate) => gate === defaultNode[cell]) ??
    null
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'gate-diagram': GateDiagram;
  }
}
