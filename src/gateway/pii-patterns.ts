import { PiiType } from './compliance-options';

/** RE2 expressions that find personal data of the known kinds. */
export const PII_PATTERNS: Readonly<Partial<Record<PiiType, string>>> = {
  [PiiType.SSN]: '\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b',
  // 13 to 19 digits (ISO/IEC 7812), in groups or not.
  [PiiType.CREDIT_CARD]: '\\b(?:[0-9][ -]?){12,18}[0-9]\\b',
  [PiiType.EMAIL]: '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}',
  [PiiType.PHONE]: '\\+[1-9](?:[ .()-]{0,2}[0-9]){6,13}\\b|\\(?\\b[0-9]{3}\\)?[ .-][0-9]{3}[ .-][0-9]{4}\\b',
};
