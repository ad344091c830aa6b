import { AwsError } from '../core/aws-error';

// https://docs.aws.amazon.com/glue/latest/webapi/CommonErrors.html

export function entityNotFound(message: string): AwsError {
  return new AwsError('EntityNotFoundException', message);
}

export function databaseNotFound(name: string): AwsError {
  return entityNotFound(`Database ${name} not found.`);
}

export function tableNotFound(databaseName: string, name: string): AwsError {
  return entityNotFound(`Table ${databaseName}.${name} not found.`);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError('AlreadyExistsException', `${what} already exists.`);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}
