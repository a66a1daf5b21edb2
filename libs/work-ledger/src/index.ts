export { eachPage, eachRow } from './each-page.ts';
export { eachRemembered } from './each-remembered.ts';
export { eachException, eachSetAside } from './each-set-aside.ts';
export { LedgerList } from './ledger-list.ts';
export { ledgerOptions } from './ledger-options.ts';
export { ledgerOfState, locateLedger } from './locate-ledger.ts';
export { openLedger } from './open-ledger.ts';
export type { LedgerSettings } from './open-ledger.ts';
export { openStore, visitStore } from './open-store.ts';
export type { OwnStore, SqliteDatabase, Store, StoreShape } from './open-store.ts';
export { readLedger } from './read-ledger.ts';
export type {
  Claim,
  ItemRow,
  LedgerView,
  NewItem,
  PartException,
  PartNote,
  Reason,
  Refusal,
  RequeueSelector,
  SetAsideRow,
  Settlement,
  Testimony,
  Tried,
  WorkLedger,
  WorkTally,
} from './work-ledger.ts';
export { isLockedForWriting, lockForWriting } from './writer-lock.ts';
