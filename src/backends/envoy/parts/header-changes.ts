import { Header, HeaderModifier } from '../../../model/route';
import { HeaderValueOption, HeaderValueOptionHeaderAppendAction } from '../api';
import { literal } from '../formats';
import { HeaderChanges, part } from '../part';

/** The changes that a route asks for to what servers and clients see. */
export const headerChanges = part({
  route: ({ entry: { requestHeaders, responseHeaders } }) => ({
    headers: { ...changes('request', requestHeaders), ...changes('response', responseHeaders) },
  }),
});

function changes(side: 'request' | 'response', modifier: HeaderModifier | undefined): HeaderChanges {
  const added = [
    ...(modifier?.set ?? []).map(header => option(header, 'OVERWRITE_IF_EXISTS_OR_ADD')),
    ...(modifier?.add ?? []).map(header => option(header, 'APPEND_IF_EXISTS_OR_ADD')),
  ];
  const removed = modifier?.remove ?? [];
  return {
    ...(added.length === 0 ? {} : { [`${side}_headers_to_add`]: added }),
    ...(removed.length === 0 ? {} : { [`${side}_headers_to_remove`]: [...removed] }),
  };
}

/** An empty value is a value, too. */
function option({ name, value }: Header, action: HeaderValueOptionHeaderAppendAction): HeaderValueOption {
  return {
    header: { key: name, value: literal(value) },
    append_action: action,
    ...(value === '' ? { keep_empty_value: true } : {}),
  };
}
