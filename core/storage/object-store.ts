/** One object in a bucket or container. */
export interface StoredObject {
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** The store's tag, without quotes, where it follows from the content: objects of equal bytes have it in common. */
  readonly etag?: string
  /** md5 of the whole content in hexadecimal, where the store keeps one. */
  readonly md5?: string
  /** sha256 of the whole content in hexadecimal, where the store keeps one. */
  readonly sha256?: string
}

/** What a listing meets: an object, or a prefix that more keys share (it ends in `/`). */
export type Listed =
  { readonly kind: 'object'; readonly object: StoredObject } | { readonly kind: 'prefix'; readonly prefix: string }

/** A bucket or container, read only: what differs between the clouds and nothing more. Errors are `storage.*`. */
export interface ObjectStore {
  /** `s3`, `az`: the scheme of its uris. */
  readonly scheme: string
  readonly bucket: string
  /** All that is directly below `prefix`, page by page. */
  list(prefix: string): AsyncIterable<Listed>
  /** `undefined` when there is no such object. */
  head(key: string): Promise<StoredObject | undefined>
  /** The bytes from `start` to before `end`. `undefined` when there is no such object. */
  get(key: string, range: { readonly start: number; readonly end?: number }): Promise<ObjectBody | undefined>
  /** Another bucket or container with the same credentials. */
  other(bucket: string): ObjectStore
}

export interface ObjectBody {
  /** Of the part asked for. */
  readonly sizeBytes: number
  readonly chunks: AsyncIterable<Uint8Array>
}
