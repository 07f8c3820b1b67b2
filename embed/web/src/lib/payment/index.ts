export { forgetPayment, rememberDeparture, takeArrival } from './arrival';
export type { Arrival } from './arrival';
export { PaymentContext, usePayment } from './context';
export type { Payment, Phase } from './context';
export { PaymentProvider } from './PaymentProvider';
