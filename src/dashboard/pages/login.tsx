import { useState } from 'preact/hooks';
import { Brand } from '../parts/icons.js';
import { signIn } from '../state/session.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';

/** Asks for the password. */
export function LoginPage() {
  const { title, text, password, enter, wrong, tooMany } = words.value.login;
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const refusal = await signIn(value);
    setBusy(false);
    if (refusal === undefined) return;
    setValue('');
    setProblem(refusal.status === 429 ? tooMany : refusal.status === 401 || refusal.status === 403 ? wrong : refused(refusal));
  };
  return (
    <main class="login">
      <form class="card" onSubmit={(event) => void onSubmit(event)}>
        <Brand />
        <h1>{title}</h1>
        <p class="quiet" id="login-text">
          {text}
        </p>
        <label>
          {password}
          <input
            type="password"
            autocomplete="current-password"
            autofocus
            required
            value={value}
            aria-describedby="login-text login-problem"
            aria-invalid={problem !== ''}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <p class="problem" id="login-problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="button primary" disabled={busy}>
          {enter}
        </button>
      </form>
    </main>
  );
}
