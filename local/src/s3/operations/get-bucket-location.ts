import { enterBucket, type Operation } from '../operation';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: Operation = {
  name: 'GetBucketLocation',
  handle(request, response, services) {
    enterBucket(services, request, 's3:GetBucketLocation');
    const { region } = services.context;
    // The oldest region answers no name.
    answerXml(response, 200, 'LocationConstraint', region === 'us-east-1' ? '' : region);
  },
};
