import type { User } from '@/api';

/** Free photos that are left today; null where there is no limit. */
export function imagesLeft(user: Pick<User, 'image_limit' | 'image_counter'>): number | null {
  return user.image_limit === null ? null : Math.max(0, user.image_limit - user.image_counter);
}
