export { EmptyConversationPicture } from './EmptyConversationPicture';
export { NotFoundPicture } from './NotFoundPicture';
export { OfflinePicture } from './OfflinePicture';
export { PremiumPicture } from './PremiumPicture';
export { WelcomePicture } from './WelcomePicture';
