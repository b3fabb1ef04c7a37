import { Size, SizeRoundingBehavior } from 'cdk8s';

/** Bytes of a size. */
export function bytesOf(size: Size): number {
  return Math.round(size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024);
}

/** A size in bytes. */
export function sizeOf(bytes: number): Size {
  return Size.kibibytes(bytes / 1024);
}
