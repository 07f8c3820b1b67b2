import {
  DoorOpen,
  Droplets,
  Heater,
  PaintRoller,
  Router,
  Trees,
  WashingMachine,
  Zap,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { Category } from './model';

const icons: Record<Category, LucideIcon> = {
  plumbing: Droplets,
  appliances: WashingMachine,
  electrical: Zap,
  heating: Heater,
  'doors-windows': DoorOpen,
  'walls-floors': PaintRoller,
  outdoor: Trees,
  devices: Router,
};

export function CategoryIcon({ category }: { category: Category }) {
  const Icon = icons[category];
  return <Icon aria-hidden="true" />;
}
