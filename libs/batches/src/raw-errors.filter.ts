import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/** For handlers of batches. Nest turns an unknown error into a bare object; the batch server needs the error itself. */
@Catch()
export class RawErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
