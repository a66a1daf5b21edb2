export { isAddressRange } from './address-list.ts';
export { frameDecoder } from './frame-decoder.ts';
export { frameMessage } from './frame-message.ts';
export { startListener } from './listener.ts';
export type { Listener } from './listener.ts';
export { usualLimits } from './listener-settings.ts';
export type { ReceivedMessage } from './listener-settings.ts';
export { connectSender } from './sender.ts';
export type { Sender } from './sender.ts';
