import type { Attachment } from 'svelte/attachments';
import type { Address } from '../../crdt/value.ts';

const TYPE = 'application/x-tutti-address';

/** What is dragged is this address; elsewhere it is dropped as text. */
export const carryAddress = (event: DragEvent, address: Address): void => {
  event.dataTransfer?.setData(TYPE, address);
  event.dataTransfer?.setData('text/plain', address);
};

/** Takes an address that is dropped here. */
export function dropAddress(take: (address: Address) => void): Attachment<HTMLElement> {
  return (element) => {
    const isOne = (event: DragEvent): boolean => event.dataTransfer?.types.includes(TYPE) === true;
    const over = (event: DragEvent): void => {
      if (!isOne(event)) return;
      event.preventDefault();
      event.stopPropagation();
      element.dataset['dropping'] = '';
    };
    const leave = (): void => void delete element.dataset['dropping'];
    const drop = (event: DragEvent): void => {
      leave();
      if (!isOne(event)) return;
      event.preventDefault();
      event.stopPropagation();
      take(event.dataTransfer?.getData(TYPE) ?? '');
    };
    element.addEventListener('dragover', over);
    element.addEventListener('dragleave', leave);
    element.addEventListener('drop', drop);
    return () => {
      element.removeEventListener('dragover', over);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop);
    };
  };
}
