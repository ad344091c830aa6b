import {
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { closeAll, START, startCloudWatch } from './local-cloudwatch';

afterEach(closeAll);

const BODY = { widgets: [{ type: 'text', properties: { markdown: 'hello' } }] };
const get = (DashboardName: string) => new GetDashboardCommand({ DashboardName });

describe('a dashboard', () => {
  it('of a template is there', async () => {
    const { cloudWatch, client } = await startCloudWatch();
    cloudWatch.createDashboard('shop', BODY);
    const { DashboardBody = '', DashboardArn } = await client.send(get('shop'));
    expect(JSON.parse(DashboardBody)).toEqual(BODY);
    expect(DashboardArn).toBe('arn:aws:cloudwatch::000000000000:dashboard/shop');
  });

  it('is put, listed and deleted', async () => {
    const { client } = await startCloudWatch();
    const DashboardBody = JSON.stringify(BODY);
    await client.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));
    const { DashboardEntries } = await client.send(new ListDashboardsCommand({}));
    expect(DashboardEntries).toEqual([
      {
        DashboardName: 'shop',
        DashboardArn: 'arn:aws:cloudwatch::000000000000:dashboard/shop',
        LastModified: new Date(START),
        Size: DashboardBody.length,
      },
    ]);
    await client.send(new DeleteDashboardsCommand({ DashboardNames: ['shop'] }));
    await expect(client.send(get('shop'))).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
  });

  it('is refused where its body is none', async () => {
    const { client } = await startCloudWatch();
    const put = client.send(
      new PutDashboardCommand({ DashboardName: 'shop', DashboardBody: '{"widgets": 1}' }),
    );
    await expect(put).rejects.toMatchObject({
      name: 'DashboardInvalidInputError',
      dashboardValidationMessages: [{ Message: 'Should have a list of widgets' }],
    });
  });

  it('that people changed stays so over a restart, until its template changes', async () => {
    const first = await startCloudWatch();
    first.cloudWatch.createDashboard('shop', BODY);
    const DashboardBody = '{"widgets":[]}';
    await first.client.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));
    await first.kill();
    const second = await startCloudWatch({ stateDir: first.stateDir });
    second.cloudWatch.createDashboard('shop', BODY);
    expect((await second.client.send(get('shop'))).DashboardBody).toBe(DashboardBody);
    second.cloudWatch.createDashboard('shop', { widgets: [1] });
    expect((await second.client.send(get('shop'))).DashboardBody).toBe('{"widgets":[1]}');
  });
});
