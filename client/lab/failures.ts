import { DegrainError } from '../index.ts';
import { element } from '../page/element.ts';

export function showError(reason: unknown): void {
  const known = reason instanceof DegrainError;
  element('error-title').textContent = known
    ? `Expected ${reason.expected}, but received ${reason.received}.`
    : 'Something went wrong.';
  element('error-remedy').textContent = known ? reason.remedy : String(reason);
  element('error').hidden = false;
}

export function hideError(): void {
  element('error').hidden = true;
}
