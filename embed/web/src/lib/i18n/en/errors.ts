export const errors = {
  network: 'No connection to the server. Check your network and try again.',
  offline: 'You are offline. Try again when the network is back.',
  unauthenticated: 'Please sign in again.',
  wrongCredentials: 'The email or the password is not right.',
  emailTaken: 'An account with this email exists already.',
  notFound: 'This does not exist any more.',
  forbidden: 'You may not do this.',
  imageLimit: 'Daily image limit reached. Upgrade to send more images.',
  tooLarge: 'This file is too large. Photos may have up to 10 MB.',
  mediaType: 'This file is not a photo that we can read. Use JPEG, PNG, WebP or GIF.',
  rateLimited: (p: { seconds: number }) =>
    p.seconds > 90
      ? `Too many tries. Try again in ${Math.ceil(p.seconds / 60)} minutes.`
      : `Too many tries. Try again in ${p.seconds} ${p.seconds === 1 ? 'second' : 'seconds'}.`,
  billingUnavailable: 'Payments are not available right now. Nothing was charged.',
  alreadySubscribed: 'You have Premium already.',
  server: 'Something went wrong on our side. Try again in a moment.',
};
