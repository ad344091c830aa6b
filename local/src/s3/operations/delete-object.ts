import { matchCondition } from '../conditions';
import { deleteStoredObject } from '../delete-stored-object';
import { enterObject, type Operation } from '../operation';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: Operation = {
  name: 'DeleteObject',
  async handle(request, response, services) {
    enterObject(services, request, 's3:DeleteObject');
    const ifMatch = request.header('if-match');
    const condition = matchCondition(services.context, request, request, ifMatch);
    await deleteStoredObject(services, request, request, condition);
    response.writeHead(204).end();
  },
};
