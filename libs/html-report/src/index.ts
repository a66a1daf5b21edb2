export { barsByDay } from './bars-by-day.ts';
export type { DayCount } from './bars-by-day.ts';
export { renderPage } from './render-page.ts';
export type {
  Bar,
  Cell,
  MarkedCell,
  ReportChart,
  ReportPage,
  ReportSection,
  ReportTable,
  Tone,
} from './report-page.ts';
export { writePage } from './write-page.ts';
