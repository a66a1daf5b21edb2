/** How something is to be taken; told by a colour, and never by the colour alone. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'quiet';

/** Plain values, or one that is a link, is marked, or is to be read letter by letter. */
export type Cell = string | number | MarkedCell;

export interface MarkedCell {
  readonly text: string | number;
  /** An address of http or https, or one relative to the page; any other is not made a link. */
  readonly href?: string | undefined;
  readonly tone?: Tone | undefined;
  /** An identifier: in letters of one width, and broken anywhere where the line ends. */
  readonly isCode?: boolean;
}

export interface Fact {
  readonly label: string;
  readonly value: Cell;
}

/** One column of a chart: a day, a month, a run. */
export interface Bar {
  readonly label: string;
  /** As many as the chart has parts, none below 0. */
  readonly values: readonly number[];
}

/** Columns beside each other, each piled up from the same parts. */
export interface ReportChart {
  readonly is: 'chart';
  readonly heading: string;
  readonly intro?: string;
  readonly parts: readonly { readonly title: string; readonly tone: Tone }[];
  readonly bars: readonly Bar[];
}

export interface ReportTable {
  readonly is: 'table';
  readonly heading: string;
  readonly intro?: string;
  readonly columns: readonly { readonly title: string; readonly isNumber?: boolean }[];
  /** Read once, from the first to the last that is shown. */
  readonly rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>;
  /** How many rows are shown at most: a page of a million rows opens nowhere. */
  readonly longest?: number;
  /** How many rows there are in all; asked only where not all of them are shown. */
  readonly count?: () => number;
  /** Where all rows are, for whoever misses them: "differences.csv". */
  readonly allRowsIn?: string | undefined;
  /** Said instead of a table without rows. */
  readonly whenEmpty: string;
}

/** Lines to be filled in by hand, on paper. */
export interface ReportForm {
  readonly is: 'form';
  readonly heading: string;
  readonly intro?: string;
  readonly fields: readonly string[];
}

export type ReportSection = ReportChart | ReportTable | ReportForm;

/** A report as one page: what was looked at, how it ended, how much of what, and then chart by chart and table by table. */
export interface ReportPage {
  readonly title: string;
  /** How it ended, in one sentence. */
  readonly verdict: { readonly text: string; readonly tone: Tone };
  /** What was looked at, by whom and when. */
  readonly facts: readonly Fact[];
  /** The few numbers that are read first. */
  readonly totals: readonly {
    readonly label: string;
    readonly count: number | string;
    readonly tone?: Tone;
  }[];
  readonly sections: readonly ReportSection[];
  /** What made the page: "orthanc-comparator 1.0.0". */
  readonly madeBy: string;
}
