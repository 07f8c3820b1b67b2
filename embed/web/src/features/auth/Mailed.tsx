import { onLoopback } from '@/lib/loopback';
import { Banner } from '@/ui/Banner';
import { useOwnTexts } from './texts';

interface Props {
  kind: 'register' | 'reset';
  email: string;
}

/** A mail tells how it goes on; whether the address has an account is not said here. */
export function Mailed({ kind, email }: Props) {
  const texts = useOwnTexts();
  return (
    <Banner tone="success" title={texts.mailedTitle} live="status">
      <p>{kind === 'register' ? texts.mailedRegister({ email }) : texts.mailedReset({ email })}</p>
      <p>{onLoopback() ? texts.mailedLogged : texts.mailedSpam}</p>
    </Banner>
  );
}
