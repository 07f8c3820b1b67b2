export const billing = {
  upgrade: 'Upgrade',
  heading: 'As many photos as you like',
  headingPhoto: (p: { count: number }) =>
    p.count > 1 ? 'Send your photos with Premium' : 'Send this photo with Premium',
  photoReady: (p: { count: number }) =>
    p.count > 1
      ? `Your ${p.count} photos are ready and will be sent right after.`
      : 'Your photo is ready and will be sent right after.',
  photoPreparing: 'Your photo is being prepared.',
  photoKept: 'Your photo is kept.',
  plan: 'Plan',
  monthly: 'Monthly',
  yearly: 'Yearly',
  aMonth: (p: { price: string }) => `${p.price} a month`,
  aYear: (p: { price: string }) => `${p.price} a year`,
  saves: (p: { amount: string; percent: number }) => `Saves ${p.amount} (${p.percent}%)`,
  loadingPrices: 'Loading prices',
  pricesFailed:
    'The prices could not be loaded. You will see the price on the payment page, before anything is charged.',
  tryAgain: 'Try again',
  benefitPhotos: 'Photos without a daily limit',
  benefitAll: 'Everything that is free stays included',
  benefitCancel: 'Cancel at any time; paid time stays yours',
  renews: 'Renews by itself until you cancel.',
  freeAt: (p: { limit: number; time: string }) =>
    p.limit === 1
      ? `Or wait: a new free photo comes at ${p.time}.`
      : `Or wait: ${p.limit} new free photos come at ${p.time}.`,
  sandbox: 'Sandbox: the payment is only played, no money moves.',
  unavailableTitle: 'Payments are not available right now',
  unavailableText: 'Nothing was charged. Please try again later.',
  upgradeNow: 'Upgrade now',
  notNow: 'Not now',
  close: 'Close',
  opening: 'Opening the payment page…',
  pendingHeading: 'Your payment is on its way',
  pendingText:
    'Premium starts by itself as soon as the payment is confirmed. There is nothing more to pay.',
  confirmingTitle: 'Confirming your payment…',
  confirmingText: 'This takes a few seconds. Premium starts by itself.',
  lateTitle: 'This takes longer than usual. You are not charged twice.',
  lateText: 'Premium starts by itself when the payment is confirmed. You can go on meanwhile.',
  checkAgain: 'Check again',
  signInTitle: 'Please sign in to see your Premium',
  signInText: 'Your sign-in ended while you were at the payment page. The payment is not lost.',
  signIn: 'Sign in',
  paidTitle: 'Premium is active',
  paidText: 'Thank you! Send as many photos as you like.',
  paidPhotos: (p: { count: number }) =>
    p.count > 1
      ? `Thank you! Your ${p.count} photos are being sent.`
      : 'Thank you! Your photo is being sent.',
  processingTitle: 'Your payment is on its way',
  processingText: 'Some banks take a few days. Premium starts by itself; please do not pay twice.',
  failedTitle: 'The payment did not go through',
  failedText: 'Nothing was charged. You can try again with another way to pay.',
  unknownTitle: 'We do not find this payment in your account',
  unknownText:
    'If you paid while signed in with another email address, please sign in with that one. You are not charged twice.',
  cancelledTitle: 'Nothing was charged',
  cancelledText: 'You left the payment page. Premium is there whenever you want it.',
  backToConversation: 'Back to your conversation',
  manage: 'Manage subscription',
  updateCard: 'Update card',
};
