/** A text field over the canvas for one name. */
export interface RenameField {
  /** x, y: px of the canvas, top left of the field. `done` gets the new name once, or nothing when given up. */
  open(options: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly name: string;
    /** Words rather than a name: Shift+Enter begins a new line. */
    readonly isText?: boolean;
    readonly done: (name: string | undefined) => void;
  }): void;
  close(): void;
}

const NAME_MAX = 200;
const TEXT_MAX = 10_000;

export function createRenameField(container: HTMLElement): RenameField {
  let current: { input: HTMLInputElement | HTMLTextAreaElement; finish(isKept: boolean): void } | undefined;
  return {
    open({ x, y, width, name, isText = false, done }) {
      current?.finish(true);
      const input = document.createElement(isText ? 'textarea' : 'input');
      input.value = name;
      input.maxLength = isText ? TEXT_MAX : NAME_MAX;
      input.setAttribute('aria-label', isText ? 'Comment' : 'Name');
      input.spellcheck = false;
      Object.assign(input.style, {
        position: 'absolute',
        left: `${x}px`,
        top: `${y}px`,
        width: `${width}px`,
        height: isText ? '72px' : '24px',
        boxSizing: 'border-box',
        padding: isText ? '4px 8px' : '0 8px',
        resize: 'none',
        border: '0',
        outline: '2px solid var(--accent)',
        borderRadius: '0',
        background: 'var(--control-ground)',
        color: 'var(--text)',
        font: '500 12px var(--font)',
      });
      const finish = (isKept: boolean): void => {
        if (!current) return;
        current = undefined;
        const hadFocus = document.activeElement === input;
        input.remove();
        if (hadFocus) container.focus({ preventScroll: true });
        done(isKept && input.value !== name ? input.value.trim() : undefined);
      };
      input.addEventListener('keydown', (event) => {
        if (!(event instanceof KeyboardEvent)) return;
        event.stopPropagation();
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault();
          finish(true);
        }
        if (event.key === 'Escape') finish(false);
      });
      input.addEventListener('blur', () => finish(true));
      current = { input, finish };
      container.append(input);
      input.focus();
      input.select();
    },
    close: () => current?.finish(false),
  };
}
