import { Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';

/*
 * RE2 as its users write it, in the part of the syntax that RE2 and the data planes' own engines read alike. agentgateway
 * matches with Rust's engine, where `\d`, `\w` and `\s` are Unicode, `[a&&b]` is an intersection, and `a{`, `\Q…\E` and octal
 * escapes are errors: the expression would admit what the rule does not say, or nothing.
 */

/** Perl classes, as what may stand in brackets, positive and negated. */
const PERL: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\x00-\\x2F\\x3A-\\x{10FFFF}',
  w: '0-9A-Za-z_',
  W: '\\x00-\\x2F\\x3A-\\x40\\x5B-\\x5E\\x60\\x7B-\\x{10FFFF}',
  s: '\\t\\n\\f\\r\\x20',
  S: '\\x00-\\x08\\x0B\\x0E-\\x1F\\x21-\\x{10FFFF}',
};

const REPETITION = /^\{\d+(?:,\d*)?\}/;
const POSIX_CLASS = /^\[:\^?[a-z]+:\]/;
const GROUP_NAME = /^\(\?P?<\w+>/;
const UNICODE_CLASS = /^\\([pP])(?:\{(\^?)([^}]*)\}|(\w))/;
const OCTAL = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/;
const HEX = /^\\x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]+\})/;

/** A match of a whole value by an RE2 regex: `matches` searches, so the regex is anchored. */
export function matchesWhole(subject: string, regex: string): Predicate {
  return `${subject}.matches(${celString(`^(?:${portableRegex(regex)})$`)})`;
}

/** Rewrites a valid RE2 regex. What is already portable stays as it is. */
export function portableRegex(regex: string): string {
  return new Rewriter(regex).rewrite();
}

class Rewriter {
  private at = 0;

  constructor(private readonly regex: string) {}

  rewrite(): string {
    let out = '';
    while (this.at < this.regex.length) {
      out += this.next();
    }
    return out;
  }

  private get rest(): string {
    return this.regex.slice(this.at);
  }

  private take(length: number): string {
    const taken = this.regex.substr(this.at, length);
    this.at += length;
    return taken;
  }

  /** One character of the regex, which may be a pair of surrogates. */
  private takeCharacter(): string {
    return this.take(this.regex.codePointAt(this.at)! > 0xffff ? 2 : 1);
  }

  private next(): string {
    switch (this.regex[this.at]) {
      case '\\':
        return this.escape();
      case '[':
        return this.brackets();
      case '{':
        return this.brace();
      case '}':
      case ']':
        return `\\${this.take(1)}`;
      case '(':
        return this.group();
      default:
        return this.takeCharacter();
    }
  }

  /** A brace that opens no repetition stands for itself. */
  private brace(): string {
    const repetition = REPETITION.exec(this.rest);
    return repetition === null ? `\\${this.take(1)}` : this.take(repetition[0].length);
  }

  private group(): string {
    const name = GROUP_NAME.exec(this.rest);
    if (name === null) {
      return this.take(1);
    }
    // Nothing reads what a group caught, and the engines do not agree on its names.
    this.take(name[0].length);
    return '(?:';
  }

  private escape(): string {
    if (this.rest.startsWith('\\Q')) {
      return this.quoted();
    }
    const perl = this.perlClass();
    if (perl !== undefined) {
      return perl === perl.toUpperCase() ? `[^${PERL[perl.toLowerCase()]}]` : `[${PERL[perl]}]`;
    }
    return this.commonEscape() ?? (/^\\[A-Za-z]/.test(this.rest) ? this.take(2) : this.escaped());
  }

  private quoted(): string {
    const end = this.regex.indexOf('\\E', this.at);
    const text = this.regex.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.regex.length : end + 2;
    return [...text].map(literal).join('');
  }

  private perlClass(): string | undefined {
    const name = this.regex[this.at + 1];
    return Object.prototype.hasOwnProperty.call(PERL, name) ? this.take(2)[1] : undefined;
  }

  /** Escapes that mean the same inside and outside of brackets. */
  private commonEscape(): string | undefined {
    const unicode = UNICODE_CLASS.exec(this.rest);
    if (unicode !== null) {
      this.take(unicode[0].length);
      const [, letter, negated, long, short] = unicode;
      const flipped = letter === 'p' ? 'P' : 'p';
      return `\\${negated === '^' ? flipped : letter}${short ?? `{${long}}`}`;
    }
    const hex = HEX.exec(this.rest);
    if (hex !== null) {
      return this.take(hex[0].length);
    }
    const octal = OCTAL.exec(this.rest);
    return octal === null ? undefined : codePoint(parseInt(this.take(octal[0].length).slice(1), 8));
  }

  private escaped(): string {
    this.take(1);
    return literal(this.takeCharacter());
  }

  private brackets(): string {
    let out = this.take(1);
    if (this.regex[this.at] === '^') {
      out += this.take(1);
    }
    for (let first = true; this.at < this.regex.length && (first || this.regex[this.at] !== ']'); first = false) {
      out += this.classItem();
    }
    return out + this.take(1);
  }

  private classItem(): string {
    const posix = POSIX_CLASS.exec(this.rest);
    if (posix !== null) {
      return this.take(posix[0].length);
    }
    if (this.regex[this.at] === '\\') {
      const perl = this.perlClass();
      if (perl !== undefined) {
        return PERL[perl];
      }
      if (UNICODE_CLASS.test(this.rest)) {
        return this.commonEscape()!;
      }
    }
    const low = this.classCharacter();
    if (this.regex[this.at] !== '-' || this.regex[this.at + 1] === ']') {
      return low;
    }
    this.take(1);
    return `${low}-${this.classCharacter()}`;
  }

  private classCharacter(): string {
    if (this.regex[this.at] !== '\\') {
      return classLiteral(this.takeCharacter());
    }
    const common = this.commonEscape();
    if (common !== undefined) {
      return common;
    }
    if (/^\\[A-Za-z]/.test(this.rest)) {
      return this.take(2);
    }
    this.take(1);
    return classLiteral(this.takeCharacter());
  }
}

function codePoint(code: number): string {
  return `\\x{${code.toString(16).toUpperCase()}}`;
}

/** A character outside of brackets. */
function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(character) ? `\\${character}` : character;
}

/** A character inside of brackets, where the engines give different ones a meaning. */
function classLiteral(character: string): string {
  return /[\w.,:;!@#%/ ]/.test(character) || character.codePointAt(0)! > 0x7f
    ? character
    : codePoint(character.codePointAt(0)!);
}
